"""fercore: curate face datasets and compare CNN backbones for facial emotion."""

__version__ = "0.2.0"
