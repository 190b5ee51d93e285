"""Application: guess the words that are missing."""

from ui.application import Application, recipe

Application(
    page=__file__,
    models={"BERT": recipe("blank")},
    controls=("training.optimizer.lr", "training.batch_size", "data.vocabulary", "data.length"),
    panel="Blank",
).show()
