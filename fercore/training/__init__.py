"""Making a model: recipe, backbones, network, augmentation, batches, trainer.

This is the one place that sets the backends' environment, before anything here imports one: TensorFlow's
start-up log is silenced, oneDNN's kernels are on (a third faster on CPUs where TensorFlow leaves them off),
and GPU memory is taken as it is needed, so that several runs can share a card. Whoever sets these variables
before keeps what was set.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
