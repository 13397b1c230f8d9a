"""Operations of a network: the multiply–accumulates of one face's pass, counted layer by layer.

Convolutions and dense layers count, as in published figures (He et al. 2015, "Deep residual learning", Table 1; Howard
et al. 2017, "MobileNets", section 3; Sandler et al. 2018, "MobileNetV2", Table 4): each output is a sum over the
kernel's window. Biases, batch normalisation, activations, pooling and resizing are left out, as there. One
multiply–accumulate is two floating-point operations.
"""

import math

import keras


def count_macs(model: keras.Model) -> int:
    """The multiply–accumulates of one input; a layer or model that is called twice counts twice."""
    total = 0
    for operation, output in _calls(model):
        total += count_macs(operation) if isinstance(operation, keras.Model) else _macs(operation, output)
    return total


def _calls(model: keras.Model) -> list[tuple[keras.layers.Layer, tuple[int, ...]]]:
    """Each call of a layer in a model, with the shape of its output without the batch."""
    if isinstance(model, keras.Sequential):
        model = model._functional
    nodes = [node for level in model._nodes_by_depth.values() for node in level]
    return [(node.operation, tuple(node.outputs[0].shape[1:])) for node in nodes if not node.is_input]


def _macs(layer: keras.layers.Layer, output: tuple[int, ...]) -> int:
    """The multiply–accumulates of one layer from its kernels and the shape of its output."""
    if isinstance(layer, keras.layers.SeparableConv2D):
        window = _size(layer.depthwise_kernel)  # height × width × channels × multiplier
        points = _size(layer.pointwise_kernel)
        return _places(layer, output) * (window + points)
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        return _places(layer, output) * _size(layer.kernel)
    if isinstance(layer, keras.layers.Conv2D):
        return _places(layer, output) * _size(layer.kernel)  # of a group: only its own channels
    if isinstance(layer, keras.layers.Dense):
        return math.prod(output[:-1]) * _size(layer.kernel)
    return 0


def _places(layer: keras.layers.Layer, output: tuple[int, ...]) -> int:
    """The places of an output's picture at which a kernel is laid."""
    return math.prod(output[1:] if layer.data_format == "channels_first" else output[:-1])


def _size(kernel: keras.Variable) -> int:
    return math.prod(kernel.shape)
