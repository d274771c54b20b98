"""`auditapp people …`: add, list and end people, and make set-up links."""

from __future__ import annotations

import json

import click

from auditapp.commands import Refused, writes
from auditapp.db import db, now, today
from auditapp.people import operations, queries
from auditapp.people.models import Person, RoleGrant
from auditapp.people.roles import Role, in_force
from auditapp.web.words import plural

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group("people")
def group() -> None:
    """Keep who may sign in and what they may do."""


@group.command("add")
@click.option("--name", required=True, help="Full name.")
@click.option("--email", required=True, help="Work email address, the name to sign in with.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.option("--service", "service_name", help="Grant the role for this service.")
@click.option("--team", "team_name", help="Grant the role for this team.")
@AS_JSON
@writes
def add(
    name: str, email: str, roles: tuple[str, ...], service_name: str | None, team_name: str | None, as_json: bool
) -> None:
    """Add somebody with their roles and print the one-time link by which they set their password.

    Without --service and --team the roles hold for the whole council.
    """
    from auditapp.people.forms import LONGEST_ADDRESS, LONGEST_NAME, looks_like_address

    name, email = " ".join(name.split()), email.strip().lower()
    if not name or len(name) > LONGEST_NAME or len(email) > LONGEST_ADDRESS or not looks_like_address(email):
        raise Refused("Give a name and an email address in the right form, like name@council.gov.uk.", as_json=as_json)
    if service_name and team_name:
        raise click.UsageError("Give --service or --team, not both.")
    team = queries.team_named(team_name) if team_name else None
    service = queries.service_named(service_name) if service_name else None
    if team_name and team is None:
        raise Refused(f"No team is called “{team_name}”.", as_json=as_json)
    if service_name and service is None:
        raise Refused(f"No service is called “{service_name}”.", as_json=as_json)
    try:
        person = operations.add_person(name, email)
        for role in roles:
            operations.grant_role(person, Role(role), starts_on=today(), service=service, team=team)
        path = operations.make_link(person, now())
    except operations.NotPossible as refusal:
        raise Refused(f"{refusal}.", as_json=as_json) from refusal
    db.session.commit()
    if as_json:
        click.echo(json.dumps({"id": person.id, "email": person.email, "roles": list(roles), "link": path}))
    else:
        click.echo(
            f"{person.name} is added. Their set-up link, once, within 24 hours (put your server's address before it):"
        )
        click.echo(f"  {path}")


@group.command("list")
@click.option("--all", "everybody", is_flag=True, help="Also those who can no longer sign in.")
@AS_JSON
def list_command(everybody: bool, as_json: bool) -> None:
    """List people with the roles they hold today."""
    on = today()
    people = [person for person in queries.everybody() if everybody or not person.left_by(on)]
    rows = [
        {
            "id": person.id,
            "name": person.name,
            "email": person.email,
            "ended_on": person.ended_on.isoformat() if person.ended_on else None,
            "password_set": person.password_set_at is not None,
            "roles": [_grant(one) for one in person.grants if in_force(one.starts_on, one.ends_on, on)],
        }
        for person in people
    ]
    if as_json:
        click.echo(json.dumps({"people": rows}, ensure_ascii=False))
        return
    for person, row in zip(people, rows, strict=True):
        held = "; ".join(_in_words(one) for one in person.grants if in_force(one.starts_on, one.ends_on, on))
        left = f" (ended {row['ended_on']})" if row["ended_on"] else ""
        click.echo(f"{person.name} <{person.email}>{left}: {held or 'no role'}")
    click.echo(f"{plural(len(rows), 'person', 'people')}.")


@group.command("link")
@click.argument("email")
@AS_JSON
@writes
def link(email: str, as_json: bool) -> None:
    """Print a new one-time link by which somebody sets a new password; an earlier link stops working."""
    person = _found(email, as_json)
    if person.left_by(today()):
        raise Refused(f"{person.name} can no longer sign in; an administrator can bring them back.", as_json=as_json)
    path = operations.make_link(person, now())
    db.session.commit()
    click.echo(json.dumps({"id": person.id, "link": path}) if as_json else path)


@group.command("end")
@click.argument("email")
@AS_JSON
@writes
def end(email: str, as_json: bool) -> None:
    """Let somebody go: they are signed out everywhere and can no longer sign in."""
    person = _found(email, as_json)
    if person.left_by(today()):
        raise Refused(f"{person.name} was ended already.", as_json=as_json)
    try:
        operations.end_person(person, person.version, now())
    except operations.NotPossible as refusal:
        raise Refused(f"{refusal}.", as_json=as_json) from refusal
    db.session.commit()
    click.echo(json.dumps({"id": person.id, "ended": True}) if as_json else f"{person.name} can no longer sign in.")


def _found(email: str, as_json: bool) -> Person:
    person = queries.by_email(email)
    if person is None:
        raise Refused(f"Nobody here has the email address {email}.", as_json=as_json)
    return person


def _grant(grant: RoleGrant) -> dict[str, str | None]:
    return {
        "role": grant.role.value,
        "service": grant.service.name if grant.service else None,
        "team": grant.team.name if grant.team else None,
        "until": grant.ends_on.isoformat() if grant.ends_on else None,
    }


def _in_words(grant: RoleGrant) -> str:
    place = grant.team.name if grant.team else grant.service.name if grant.service else "the council"
    return f"{grant.role.words} ({place})"
