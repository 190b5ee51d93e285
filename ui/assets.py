"""The routes that serve the stage's own files: ES modules without a build step, and Plotly's bundle."""

from pathlib import Path

import plotly
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STAGE = Path(__file__).parent / "stage"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


class Fresh(StaticFiles):
    """Static files that a browser asks about again before it uses its copy, so that an edit shows at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def plotly_bundle(request) -> Response:
    return FileResponse(PLOTLY, media_type="text/javascript", headers={"Cache-Control": "max-age=86400"})


def routes(prefix: str) -> list:
    """The stage's modules at `prefix/stage/`, Plotly at `prefix/plotly.js`."""
    return [Mount(f"{prefix}/stage", Fresh(directory=STAGE)), Route(f"{prefix}/plotly.js", plotly_bundle)]
