"""Trees in the forms in which AI Hub, CK+ and JAFFE are downloaded, with the traps of the real ones, in small."""

from tests.sources.generated.aihub import ENCODINGS, AihubTree, aihub_tree
from tests.sources.generated.classic import ckplus_csv, ckplus_folders, ckplus_release, jaffe_tree

__all__ = ["ENCODINGS", "AihubTree", "aihub_tree", "ckplus_csv", "ckplus_folders", "ckplus_release", "jaffe_tree"]
