"""Speed, side by side with what a user would pick instead. Only ratios carry over from one machine to another."""
