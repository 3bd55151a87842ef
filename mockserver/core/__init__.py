"""What everything speaks in: messages, problems, time, ids, host names and tokens. It imports nothing else."""
