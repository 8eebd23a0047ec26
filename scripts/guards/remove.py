"""Puts a switch into every guard of a copy of the repository, so that one build serves for all.

    remove.py list             the names, one a line
    remove.py filter NAME      which tests must fail without it
    remove.py check            whether every guard's text stands in its file exactly once
    remove.py apply FOLDER     changes the copy in FOLDER: REGRADE_REMOVED_GUARD=NAME takes one away
"""

import pathlib
import re
import sys

TABLE = pathlib.Path(__file__).parent / "guards.txt"
ROOT = TABLE.parent.parent.parent

SWIFT_SWITCH = """\
import Foundation

private let removedGuard = ProcessInfo.processInfo.environment["REGRADE_REMOVED_GUARD"]

func guardIsRemoved(_ name: String) -> Bool { removedGuard == name }
"""
# Before the first header of a file, which may define it too.
C_HEAD = """\
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
"""
C_SWITCH = C_HEAD + """\
#include <stdlib.h>
#include <string.h>
__attribute__((unused)) static int guard_is_removed(const char *name) {
    const char *removed = getenv("REGRADE_REMOVED_GUARD");
    return removed != NULL && strcmp(removed, name) == 0;
}
"""
# Helper processes are given an environment of their own, into which the name must come too.
HELPER_START = "Sources/CIsolation/helper_start.c"
HELPER_ENVIRONMENT = '"OPENBLAS_NUM_THREADS=1", NULL'
HELPER_SWITCH = C_HEAD + """\
#include <string.h>
extern char **environ;
static char *removed_guard(void) {
    char **variable = environ;
    while (*variable && strncmp(*variable, "REGRADE_REMOVED_GUARD=", 22) != 0) variable++;
    return *variable;
}
"""


def guards():
    """The rows of the table, as dictionaries."""
    row = {}
    for line in TABLE.read_text().splitlines() + [""]:
        word, _, rest = line.partition(" ")
        if line.startswith("#") or not line.strip():
            if row:
                yield row
            row = {}
        else:
            row[word] = rest.strip()


def without(row):
    """What stands in place of a guard's text; REMOVED is true while the guard is away."""
    text, is_c = row["text"], row["file"].endswith(".c")
    if "with" in row:
        return row["with"]
    if is_c and (match := re.fullmatch(r"if \((.*)\)( \{)?", text)):
        return f"if (!REMOVED && ({match[1]})){match[2] or ''}"
    if text.startswith("if "):
        return "if !REMOVED, " + text.removeprefix("if ")
    if match := re.fullmatch(r"guard (.*?) else\b(.*)", text):
        return f"guard REMOVED || ({match[1]}) else{match[2]}"
    return f"if !REMOVED {{ {text} }}"


def check():
    """Sentences about guards that are not where the table says."""
    for row in guards():
        text = (ROOT / row["file"]).read_text()
        count = text.count(row["text"])
        if count != 1:
            yield f"guard {row['guard']}: its text is {count} times in {row['file']}"


def apply(folder):
    """Changes all files of the copy."""
    files = {}
    for row in guards():
        text = files.get(row["file"]) or (folder / row["file"]).read_text()
        call = "guard_is_removed" if row["file"].endswith(".c") else "guardIsRemoved"
        switched = without(row).replace("REMOVED", f'{call}("{row["guard"]}")')
        files[row["file"]] = text.replace(row["text"], switched)
    for file, text in files.items():
        is_c = file.endswith(".c")
        (folder / file).write_text(C_SWITCH + text if is_c else text)
        if not is_c:
            module = folder / "Sources" / file.split("/")[1]
            (module / "RemovedGuard.swift").write_text(SWIFT_SWITCH)
    text = (folder / HELPER_START).read_text()
    switched = HELPER_ENVIRONMENT.replace("NULL", "removed_guard(), NULL")
    (folder / HELPER_START).write_text(
        HELPER_SWITCH + text.replace(HELPER_ENVIRONMENT, switched))


def main():
    command = sys.argv[1]
    if command == "list":
        print("\n".join(row["guard"] for row in guards()))
    elif command == "filter":
        print(next(row["fails"] for row in guards() if row["guard"] == sys.argv[2]))
    elif command == "check":
        if problems := list(check()):
            sys.exit("\n".join(problems))
    elif command == "apply":
        apply(pathlib.Path(sys.argv[2]))


main()
