"""LayerLab's engine: neural networks in plain NumPy, open to the last number.

It imports NumPy and the standard library, prints nothing, draws nothing, keeps no global random state.
"""

from engine.activations import activations
from engine.data import Dataset, Plane, Vocabulary, next_token_pairs
from engine.decoding import beam, generate, greedy, probabilities, sample
from engine.errors import Diverged, ShapeError, SpecError
from engine.gradcheck import GradCheck, gradcheck
from engine.initializers import initializers
from engine.layers import Context, Layer, layers
from engine.losses import losses
from engine.network import Network, shapes
from engine.optimizers import optimizers
from engine.schedules import schedules
from engine.seq2seq import Seq2Seq
from engine.spec import RunSpec, Training
from engine.tasks import tasks
from engine.trainer import Trainer
from engine.views import View

__all__ = [
    "Context", "Dataset", "Diverged", "GradCheck", "Layer", "Network", "Plane", "RunSpec", "Seq2Seq", "ShapeError",
    "SpecError", "Trainer", "Training", "View", "Vocabulary", "activations", "beam", "generate", "gradcheck",
    "greedy", "initializers", "layers", "losses", "next_token_pairs", "optimizers", "probabilities", "sample",
    "schedules", "shapes", "tasks",
]
