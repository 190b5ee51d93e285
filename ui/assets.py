"""The routes that serve the stage's files: ES modules without a build step, Plotly's bundle, the gallery's pictures."""

from pathlib import Path

import plotly
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import datasets

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


async def thumbnails(request) -> Response:
    """A few points of every data set that comes with the house."""
    kinds = [kind for kind, source in datasets.sources.items() if source.group != "own"]
    pictures = await run_in_threadpool(lambda: {kind: datasets.thumbnail(kind) for kind in kinds})
    return JSONResponse(pictures, headers={"Cache-Control": "max-age=3600"})


def routes(prefix: str) -> list:
    """The stage's modules at `prefix/stage/`, Plotly at `prefix/plotly.js`, thumbnails at `prefix/thumbnails.json`."""
    return [Mount(f"{prefix}/stage", Fresh(directory=STAGE)), Route(f"{prefix}/plotly.js", plotly_bundle),
            Route(f"{prefix}/thumbnails.json", thumbnails)]
