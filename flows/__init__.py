"""Prefect only: the flow, its tasks and schedules. Each body calls a use case of `verifier`."""
