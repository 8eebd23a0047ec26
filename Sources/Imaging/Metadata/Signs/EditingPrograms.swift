/// The picture editors whose name in a photo's metadata is a reason to look.
///
/// Only programs that people use to change what a picture shows. Not in it, because they say
/// nothing of that: cameras and phones, the galleries that come with a system and are used to turn
/// or crop, converters and scalers of sites and messengers.
enum EditingPrograms {
    /// In small letters, as they stand in `Software` or `CreatorTool` before a version.
    static let names = [
        "adobe photoshop", "adobe lightroom", "adobe imageready", "adobe express",
        "adobe firefly", "lightroom classic", "gimp", "affinity photo", "affinity designer",
        "pixelmator", "photopea", "paint.net", "paintshop", "paint shop pro", "photo-paint",
        "corel photo", "snapseed", "picsart", "facetune", "faceapp", "youcam", "meitu",
        "beautyplus", "airbrush", "polarr", "vsco", "befunky", "fotor", "canva", "picmonkey",
        "photodirector", "photoscape", "luminar", "acdsee", "capture one",
        "darktable", "rawtherapee", "dxo photolab", "krita", "photoroom", "remini",
        "touchretouch", "stable diffusion", "midjourney", "dall-e",
    ]

    /// Whether a program's name for itself has one of the names in it, as whole words.
    static func contains(_ program: String) -> Bool {
        let text = Array(program.lowercased().utf8)
        return names.contains { name in
            let name = Array(name.utf8)
            guard name.count <= text.count else { return false }
            return (0...(text.count - name.count)).contains { start in
                let end = start + name.count
                return text[start..<end].elementsEqual(name)
                    && (start == 0 || !isLetter(text[start - 1]))
                    && (end == text.count || !isLetter(text[end]))
            }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}
