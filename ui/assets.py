"""The routes that serve the stage's files: ES modules without a build step, Plotly's bundle, the gallery's pictures."""

import hashlib
from pathlib import Path

import plotly
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import datasets

WEB = Path(__file__).parent.parent / "web"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


class Lasting(StaticFiles):
    """Static files that a browser need not ask for again: their address has their version in it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def version() -> str:
    """Changes with every edit of the stage's files, which then show at the next run of a page's script."""
    files = sorted(WEB.rglob("*.js"))
    return hashlib.sha256(repr([(file.name, file.stat().st_mtime_ns) for file in files]).encode()).hexdigest()[:12]


async def plotly_bundle(request) -> Response:
    return FileResponse(PLOTLY, media_type="text/javascript", headers={"Cache-Control": "max-age=86400"})


async def thumbnails(request) -> Response:
    """A few points of every data set that comes with the house."""
    kinds = [kind for kind, source in datasets.sources.items() if source.group != "own"]
    pictures = await run_in_threadpool(lambda: {kind: datasets.thumbnail(kind) for kind in kinds})
    return JSONResponse(pictures, headers={"Cache-Control": "max-age=3600"})


def routes(prefix: str) -> list:
    """The stage's modules at `prefix/stage/<version>/`, Plotly at `prefix/plotly.js`, thumbnails at
    `prefix/thumbnails.json`."""
    return [Mount(f"{prefix}/stage/{{version}}", Lasting(directory=WEB)), Route(f"{prefix}/plotly.js", plotly_bundle),
            Route(f"{prefix}/thumbnails.json", thumbnails)]
