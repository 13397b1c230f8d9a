"""ONNX files for tests: small sound networks, and what others might hand in for them."""

import json

import numpy as np
from onnx import AttributeProto, TensorProto, helper, numpy_helper

from fercore.emotions import EMOTIONS

FLOAT = TensorProto.FLOAT


def tensor(name, values):
    return numpy_helper.from_array(np.asarray(values), name)


def weights(seed=0):
    return tensor("weights", np.random.default_rng(seed).normal(0, 0.02, (2304, 7)).astype(np.float32) / 255)


def nodes():
    """Faces → flat → seven numbers → softmax."""
    return [
        helper.make_node("Reshape", ["faces", "flat"], ["row"]),
        helper.make_node("MatMul", ["row", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["emotions"], axis=1),
    ]


def model(
    made=None,
    tensors=None,
    ends=(("faces", ["N", 48, 48]), ("emotions", ["N", 7])),
    kind=FLOAT,
    opset=18,
    more=(),
    notes=None,
    **graph,
):
    given, said = (helper.make_tensor_value_info(name, kind, shape) for name, shape in ends)
    held = [tensor("flat", np.array([-1, 2304])), weights()] if tensors is None else tensors
    drawn = helper.make_graph(nodes() if made is None else made, "g", [given], [said], held, **graph)
    opsets = [helper.make_opsetid("", opset), *(helper.make_opsetid(domain, 1) for domain in more)]
    whole = helper.make_model(drawn, opset_imports=opsets, ir_version=10)
    helper.set_model_props(whole, {"labels": json.dumps(EMOTIONS)} if notes is None else notes)
    return whole


def sound():
    return model().SerializeToString()


def custom_domain():
    made = [helper.make_node("Own", ["faces"], ["emotions"], domain="org.example")]
    return model(made, more=["org.example"]).SerializeToString()


def hidden_domain():
    """A domain of its own at a node, which no list names."""
    made = nodes()
    made[1].domain = "com.microsoft"
    return model(made).SerializeToString()


def loop():
    body = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "b", [], [])
    made = [*nodes(), helper.make_node("If", ["flat"], ["z"], then_branch=body, else_branch=body)]
    return model(made).SerializeToString()


def subgraph_in_a_known_operation():
    made = nodes()
    body = helper.make_graph([], "b", [], [])
    made[0].attribute.append(helper.make_attribute("body", body))
    return model(made).SerializeToString()


def external(place="weights.bin"):
    whole = model()
    held = whole.graph.initializer[1]
    held.ClearField("raw_data")
    held.data_location = TensorProto.EXTERNAL
    entry = held.external_data.add()
    entry.key, entry.value = "location", place
    return whole.SerializeToString()


def external_in_a_constant():
    whole = model()
    value = TensorProto(name="c", dims=[4], data_type=FLOAT, data_location=TensorProto.EXTERNAL)
    entry = value.external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"
    constant = helper.make_node("Constant", [], ["c"])
    constant.attribute.append(AttributeProto(name="value", type=AttributeProto.TENSOR, t=value))
    whole.graph.node.insert(0, constant)
    return whole.SerializeToString()


def huge_claim():
    whole = model()
    whole.graph.initializer[1].dims[:] = [2**40, 7]
    return whole.SerializeToString()


def negative_claim():
    whole = model()
    whole.graph.initializer[1].dims[:] = [-2304, -7]
    return whole.SerializeToString()


def padded_to_death():
    """Each face gets a border of 20,000 pixels, 6 GB, before the network looks."""
    made = [helper.make_node("Pad", ["faces", "border"], ["wide"]), *nodes()]
    made[1].input[0] = "wide"
    border = tensor("border", np.array([0, 20_000, 20_000, 0, 20_000, 20_000]))
    held = [border, tensor("flat", np.array([-1, 2304])), weights()]
    return model(made, held).SerializeToString()


def spread_to_death():
    """A constant that fills 4 GB as soon as a runtime computes constants beforehand."""
    made = [
        helper.make_node("Expand", ["one", "sides"], ["wide"]),
        helper.make_node("ReduceMean", ["wide"], ["mean"], keepdims=0),
        *nodes(),
    ]
    made[3].output[0] = "before"
    made.insert(4, helper.make_node("Add", ["before", "mean"], ["logits"]))
    one, sides = tensor("one", np.ones((1, 1), np.float32)), tensor("sides", np.array([32_000, 32_000]))
    return model(made, [one, sides, tensor("flat", np.array([-1, 2304])), weights()]).SerializeToString()


def text():
    return b"<html>404 Not Found</html>\n" * 100


def function():
    whole = model()
    made = helper.make_node("Relu", ["x"], ["y"])
    opsets = [helper.make_opsetid("", 18)]
    whole.functions.append(helper.make_function("", "MatMul", ["x"], ["y"], [made], opsets))
    return whole.SerializeToString()


def nonsense():
    """Names and shapes are right, what it says are no probabilities."""
    made = nodes()[:2]
    made[1].output[0] = "emotions"
    return model(made).SerializeToString()


def other_labels():
    return model(notes={"labels": json.dumps(["happy", "sad", "a", "b", "c", "d", "e"])}).SerializeToString()
