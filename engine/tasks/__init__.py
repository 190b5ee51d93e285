"""What is asked of a network. Importing a file registers the tasks that it declares."""

from engine.tasks import numbers, text
from engine.tasks.base import Batch, Task, tasks

__all__ = ["Batch", "Task", "numbers", "tasks", "text"]
