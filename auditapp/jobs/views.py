"""The page of one job: how far it is, what came of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from auditapp.jobs.models import Job
from auditapp.jobs.queries import own_job
from auditapp.web.access import SIGNED_IN, needs
from auditapp.web.pages import page

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("/<int:job_id>")
@needs(SIGNED_IN, on=own_job)
def show(job: Job) -> Response:
    """Show how far a job is, or what it did and what was refused."""
    return page("jobs/show.html", job=job)


@bp.get("/<int:job_id>.json")
@needs(SIGNED_IN, on=own_job)
def progress(job: Job) -> dict[str, Any]:
    """Tell the page's own script how far a job is."""
    return {"state": job.state, "words": job.words, "done": job.done, "total": job.total}
