"""The worker's side: a run that takes commands, trains, goes back in time. Started as `python -m live.worker`."""
