"""Exports networks with seeded weights and records what ONNX Runtime answers.

Every network is built with random weights from a fixed seed. Its batch normalisations then take
the statistics that random pictures have at that place, slightly disturbed, so that activations
stay of order one through all layers. The exporter is the plain tracing one, at opsets 13 to 17.
Three networks have a batch axis of open size, which leaves the arithmetic of shapes (Shape, Gather,
Concat, Reshape) in the graph; they are run on two pictures. In three networks the exporter leaves
the batch normalisations as nodes instead of folding them into the convolutions.
"""

import io
import sys
import warnings
from dataclasses import dataclass

import numpy
import onnxruntime
import torch

from suite_folder import SuiteFolder

# Of the largest absolute value of an output: float32 rounding through a deep network.
RELATIVE_TOLERANCE = 1e-4
SIDE = 224


@dataclass(frozen=True)
class Network:
    """One network to export.

    `batch` pictures are run through it; more than one open the batch axis. `keeps_normalisation`
    leaves BatchNormalization nodes in the graph.
    """

    name: str
    opset: int
    batch: int = 1
    keeps_normalisation: bool = False


NETWORKS = [
    Network("efficientnet_lite0", opset=13, batch=2),
    Network("mobilenet_v2", opset=14, keeps_normalisation=True),
    Network("mobilenet_v3_large", opset=17),
    Network("mobilenet_v3_small", opset=15),
    Network("regnet_x_400mf", opset=16, keeps_normalisation=True),
    Network("regnet_y_400mf", opset=17),
    Network("resnet18", opset=13, batch=2, keeps_normalisation=True),
    Network("shufflenet_v2_x1_0", opset=15, batch=2),
    Network("squeezenet1_1", opset=14),
]


def torchvision_models():
    """torchvision's models, also where its compiled part was built for another torch.

    On import the package adds shape rules to two compiled operators. No network here uses them,
    so declarations without a body are enough.
    """
    try:
        import torchvision.models
    except RuntimeError:
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        for operator in ("nms", "qnms"):
            torch.library.define(
                f"torchvision::{operator}",
                "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
            )
        import torchvision.models
    return torchvision.models


def build(name):
    """The network by name, with weights from the current random state."""
    if name == "efficientnet_lite0":
        from efficientnet_lite_pytorch import EfficientNet

        return EfficientNet.from_name("efficientnet-lite0")
    return getattr(torchvision_models(), name)(weights=None)


def settle_normalisations(network, generator):
    """Gives every batch normalisation the statistics of random pictures, slightly disturbed."""
    normalisations = [
        module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)
    ]
    network.eval()
    for module in normalisations:
        module.train()
        module.reset_running_stats()
        module.momentum = None
    with torch.no_grad():
        network(torch.randn(4, 3, SIDE, SIDE, generator=generator))
        for module in normalisations:
            module.eval()
            count = module.num_features
            spread = module.running_var.sqrt()
            module.running_mean += 0.1 * spread * torch.randn(count, generator=generator)
            module.running_var *= 0.8 + 0.4 * torch.rand(count, generator=generator)
            module.weight.mul_(0.8 + 0.4 * torch.rand(count, generator=generator))
            module.bias.add_(0.1 * torch.randn(count, generator=generator))


def exported(module, pictures, network):
    """The network as ONNX bytes; the batch axis is open when there are several pictures."""
    file = io.BytesIO()
    mode = torch.onnx.TrainingMode
    axes = {"picture": {0: "N"}, "logits": {0: "N"}} if len(pictures) > 1 else None
    with warnings.catch_warnings():
        # The exporter says that tracing is its old way; it is the one most models came from.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            (pictures,),
            file,
            dynamo=False,
            opset_version=network.opset,
            training=mode.PRESERVE if network.keeps_normalisation else mode.EVAL,
            input_names=["picture"],
            output_names=["logits"],
            dynamic_axes=axes,
        )
    return file.getvalue()


def reference_answer(model, pictures):
    """What ONNX Runtime answers on one thread of the processor."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    (logits,) = session.run(None, {"picture": pictures})
    return logits


def write_network(suite, network, seed):
    """Exports one network and writes its case."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    module = build(network.name)
    settle_normalisations(module, generator)
    pictures = torch.randn(network.batch, 3, SIDE, SIDE, generator=generator)
    model = exported(module, pictures, network)
    logits = reference_answer(model, pictures.numpy())
    if not (numpy.isfinite(logits).all() and 1e-3 < numpy.abs(logits).max() < 1e3):
        raise ValueError(f"{network.name}: its answers are not of a sane size")
    suite.write_case(
        network.name,
        model,
        {"picture": pictures.numpy()},
        {"logits": logits},
        rtol=RELATIVE_TOLERANCE,
        atol=0.0,
    )


def main(folder):
    """Brings the folder up to date and prints its summary."""
    suite = SuiteFolder(
        folder,
        [__file__],
        ["torch", "torchvision", "efficientnet-lite-pytorch", "onnxruntime", "numpy"],
    )
    summary = suite.finished_summary()
    if summary is None:
        suite.start()
        for seed, network in enumerate(NETWORKS):
            write_network(suite, network, seed)
        summary = (
            f"parity suite: {len(NETWORKS)} networks exported by torch {torch.__version__},"
            f" answered by ONNX Runtime {onnxruntime.__version__}"
        )
        suite.finish(summary)
    print(summary)


if __name__ == "__main__":
    main(sys.argv[1])
