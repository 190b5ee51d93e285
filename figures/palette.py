"""The colours, defined once: Plotly, the stage and the theme all take them from here.

Orange to blue tells signs apart for every common kind of colour vision; the classes are Okabe and Ito's set (2008);
magnitudes use viridis, which also reads in grey.
"""

NEGATIVE, POSITIVE = "#e8871e", "#0b73b8"
CLASSES = ("#e8871e", "#0b73b8", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#7a5cc4", "#5f6b76", "#8c510a")
SEQUENTIAL = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")

#: What depends on the theme: the middle of the diverging scale, the ink, the quiet ink, the lines, the surface.
LIGHT = {"middle": "#f7f7f5", "ink": "#1d2733", "quiet": "#5d6b7a", "line": "#dde3e9", "surface": "#ffffff"}
DARK = {"middle": "#20262e", "ink": "#e8edf2", "quiet": "#9aa7b5", "line": "#343d48", "surface": "#14181d"}


def as_data() -> dict:
    """The palette as plain data, for the stage."""
    return {"negative": NEGATIVE, "positive": POSITIVE, "classes": list(CLASSES), "sequential": list(SEQUENTIAL),
            "light": LIGHT, "dark": DARK}
