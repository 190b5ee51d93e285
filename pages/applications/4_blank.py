"""Application: guess the words that are missing."""

from datasets.recipes import RECIPES
from ui.application import Application

Application(
    page=__file__,
    models={"BERT": RECIPES["blank"].spec},
    controls=("training.optimizer.lr", "training.batch_size", "data.vocabulary", "data.length"),
    panel="Blank",
).show()
