"""Reading jobs."""

from __future__ import annotations

from auditapp.db import db
from auditapp.jobs.models import Job
from auditapp.web.access import Somebody


def own_job(viewer: Somebody, job_id: int) -> Job | None:
    """Give a job to whoever asked for it, to nobody else."""
    job = db.session.get(Job, job_id)
    return job if job and job.person_id == viewer.person_id else None
