"""The table of options: every setting has one row here, whichever source it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from discreet.policy import shapes, tightening
from discreet.policy.ceilings import parse_exporters
from discreet.policy.classifying import parse_classify
from discreet.policy.incoming import REQUEST_IDS, parse_headers
from discreet.policy.level_actions import LEVEL_ACTIONS, parse_level_actions
from discreet.policy.opamp import parse_endpoint
from discreet.policy.outgoing import parse_hosts, parse_keys
from discreet.policy.parsing import (
    ALL,
    LOG_FORMATS,
    one_of,
    parse_actions,
    parse_count,
    parse_detectors,
    parse_honeytokens,
    parse_patterns,
    parse_port,
    parse_pseudonym_key,
    parse_seconds,
    parse_secret_headers,
    parse_switch,
)
from discreet.policy.retention import parse_retention
from discreet.policy.tightening import EITHER, ON
from discreet.redaction import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from discreet.detectors import Detector


def _itself(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _withheld(value: Any) -> str | None:
    return "(set)" if value else None


def _kinds(patterns: Sequence[Detector]) -> list[str]:
    return [row.kind for row in patterns]


@dataclass(frozen=True, slots=True)
class Option:
    """One setting.

    Attributes:
        name: Its name in ``distribution.discreet`` of the declarative file and as an argument of ``configure()``.
        parse: Gives the value, or raises ValueError with the rule.
        default: In force when no source gives it, or a source gives it wrongly.
        remedy: What to write instead.
        summary: What it decides, for the reference.
        shape: What its parser takes, as JSON Schema.
        sample: How it is written in a file, in YAML.
        names_detectors: Whether its parser takes the known detectors too, as it names kinds and groups.
        by_reference: Whether a file may say only where the value lies, and not hold it.
        shown: Gives what may be shown of a value.
        remote: What a remote may do with it; None where only this process's own sources decide.
    """

    name: str
    parse: Callable[..., Any]
    default: Any
    remedy: str
    summary: str
    shape: shapes.Shape
    sample: str
    names_detectors: bool = False
    by_reference: bool = False
    shown: Callable[[Any], Any] = _itself
    remote: tightening.Remote | None = None

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"DISCREET_{self.name.upper()}"


def _switch(name: str, summary: str, *, default: bool, remote: tightening.Remote | None = None) -> Option:
    sample = str(not default).lower()
    return Option(name, parse_switch, default, "Write true or false", summary, shapes.SWITCH, sample, remote=remote)


OPTIONS: tuple[Option, ...] = (
    Option(
        "patterns",
        parse_patterns,
        (),
        "Give kind, pattern, example and near_miss of each",
        "More detectors: a list of mappings with kind, pattern, example, near_miss; from the environment as JSON.",
        shape=shapes.PATTERNS,
        sample='[{kind: staff_id, pattern: "S-[0-9]{6}", example: S-123456, near_miss: S-12}]',
        shown=_kinds,
        remote=tightening.PATTERNS,
    ),
    Option(
        "detectors",
        parse_detectors,
        ALL,
        "Name kinds or groups that `discreet detectors` lists, or leave it out for all",
        "Which detectors look at text, by kind or group. Sensitive keys are redacted whichever are chosen.",
        names_detectors=True,
        shape=shapes.NAMES,
        sample="[email, card, secret]",
        remote=tightening.DETECTORS,
    ),
    Option(
        "actions",
        parse_actions,
        {},
        f"Write kind=action with one of {', '.join(ACTIONS)}",
        "What is done with a kind or group that is found; redact by default.",
        names_detectors=True,
        shape=shapes.ACTIONS_BY_NAME,
        sample="{email: pseudonymize, card: mask}",
        remote=tightening.ACTIONS,
    ),
    Option(
        "pseudonym_key",
        parse_pseudonym_key,
        None,
        "Write id:base64 of 16 bytes or more, or file:/path",
        "Key for pseudonymize: id:base64 of 16 random bytes or more, or file: and the path of a file of such lines.",
        shape=shapes.KEY,
        sample="${file:/run/secrets/pseudonym_key}",
        by_reference=True,
        shown=_withheld,
    ),
    Option(
        "genai_content",
        one_of("redact", "withhold"),
        "redact",
        "Write redact or withhold",
        "What happens to prompts and completions: what is private in them is redacted, or they are withheld whole.",
        shape=shapes.choice("redact", "withhold"),
        sample="withhold",
        remote=tightening.WITHHELD,
    ),
    Option(
        "classify",
        parse_classify,
        (),
        "Give conditions, and category or level or both, of each rule",
        "Rules that say what a record is, before the built-in ones: a list of mappings; from the environment as JSON.",
        shape=shapes.RULES,
        sample='[{name: payments, logger: "shop.pay*", category: audit, level: confidential}]',
        remote=tightening.RULES,
    ),
    Option(
        "exporters",
        parse_exporters,
        {},
        "Write console=internal,otlp=confidential, or a mapping of exporter to {max_level: internal}",
        "Highest level of a record that an exporter is handed, by its name; * for those that nothing else names.",
        shape=shapes.EXPORTERS,
        sample='{console: {max_level: internal}, "acme.exporters:*": {max_level: confidential}}',
        remote=tightening.CEILINGS,
    ),
    Option(
        "level_actions",
        parse_level_actions,
        {},
        f"Write level=action with one of {', '.join(LEVEL_ACTIONS)}",
        "What becomes of the records of a level: keep by default, strip to what is public, drop.",
        shape=shapes.LEVEL_ACTIONS_BY_LEVEL,
        sample="{restricted: strip, public: drop}",
        remote=tightening.LEVELS,
    ),
    Option(
        "retention",
        parse_retention,
        {},
        "Write category=period or level=period, such as audit=7y,restricted=30d",
        "How long records of a category, else of a level, are to be kept: the attribute discreet.retention.",
        shape=shapes.RETENTION,
        sample="{audit: 7y, restricted: 30d}",
    ),
    _switch("keep_security", "Sample no span of category security or audit away.", default=True, remote=ON),
    Option(
        "cardinality_limit",
        parse_count,
        2000,
        "Write a whole number of 1 or more",
        "Most series of one metric; measurements with more sets of attributes go to one overflow series.",
        shape=shapes.COUNT,
        sample="500",
        remote=tightening.LOWER,
    ),
    Option(
        "honeytokens",
        parse_honeytokens,
        (),
        "List the planted values, or write file:/path with one in each line",
        "Planted values whose appearance in telemetry is an alarm: a list, or file: and the path of a file of lines.",
        shape=shapes.TEXTS,
        sample="file:/run/secrets/honeytokens",
        shown=_withheld,
        remote=tightening.VALUES,
    ),
    Option(
        "baggage_keys",
        parse_keys,
        (),
        "Write keys such as tenant, app.*, with commas between them",
        "Keys of the baggage that may go out with calls, as names or globs; no other entry does.",
        shape=shapes.TEXTS,
        sample="[tenant, app.*]",
        remote=tightening.FEWER,
    ),
    Option(
        "baggage_hosts",
        parse_hosts,
        (),
        "Write inventory, *.internal, orders.example.org:8443, 10.0.0.0/8 or [::1]:8080, with commas between them",
        "Hosts that baggage may go to: names, globs, addresses or networks; * for all that are known.",
        shape=shapes.TEXTS,
        sample='[inventory, "*.internal:8443", 10.0.0.0/8]',
        remote=tightening.FEWER,
    ),
    Option(
        "baggage_attributes",
        parse_keys,
        (),
        "Write keys such as tenant, app.*, with commas between them",
        "Entries of incoming baggage that become attributes of server spans and log records, as names or globs.",
        shape=shapes.TEXTS,
        sample="[tenant, app.*]",
        remote=tightening.FEWER,
    ),
    Option(
        "request_id_headers",
        parse_headers,
        REQUEST_IDS,
        "Write x-request-id, x-correlation-id, with commas between them; an empty list for none",
        "Headers of incoming requests that are kept as attributes of the server span and of the request's log records.",
        shape=shapes.TEXTS,
        sample="[x-request-id]",
        remote=tightening.FEWER,
    ),
    Option(
        "opamp_endpoint",
        parse_endpoint,
        None,
        "Write a URL such as https://opamp.example.org/v1/opamp; credentials go to opamp_headers",
        "The OpAMP server that this process reports to, and that may tighten its configuration; none unless given.",
        shape=shapes.URL,
        sample="https://opamp.example.org/v1/opamp",
    ),
    Option(
        "opamp_headers",
        parse_secret_headers,
        (),
        "Write name=value, URL-encoded, with commas between, or file:/path with one in each line",
        "Headers for the OpAMP server: name=value with commas between, or file: and the path of a file of such lines.",
        shape=shapes.KEY,
        sample="${env:OPAMP_HEADERS}",
        by_reference=True,
        shown=_withheld,
    ),
    Option(
        "opamp_interval",
        parse_count,
        30,
        "Write a whole number of 1 or more",
        "Seconds between heartbeats to the OpAMP server; changes on either side are seen at the next one.",
        shape=shapes.COUNT,
        sample="60",
    ),
    _switch("opamp_may_loosen", "Take from the OpAMP server what loosens, too.", default=False),
    _switch("output", "Redact the text that stdlib logging writes to its handlers.", default=True, remote=ON),
    Option(
        "log_format",
        one_of(*LOG_FORMATS),
        "app",
        "Write app, json or console",
        "What stdlib logging writes to streams and files: as the app formats it, JSON lines, or compact and coloured.",
        shape=shapes.choice(*LOG_FORMATS),
        sample="json",
    ),
    _switch("log_correlation", "Add trace_id to the app's own log lines within a span.", default=True, remote=EITHER),
    _switch("response_header", "Answer requests with the traceresponse header.", default=True),
    _switch("process_metrics", "Report process.* metrics by psutil.", default=True),
    _switch("system_metrics", "Report system.* metrics by psutil.", default=True),
    Option(
        "reload_interval",
        parse_seconds,
        5,
        "Write a whole number of seconds, or 0 for never",
        "Seconds between looks at whether the configuration files changed; 0 for never.",
        shape=shapes.SECONDS,
        sample="30",
    ),
    Option(
        "reload_on_hangup",
        one_of("auto", "always", "never"),
        "auto",
        "Write auto, always or never",
        "Whether SIGHUP reloads: auto where nobody else uses it and there is no terminal, always, or never.",
        shape=shapes.choice("auto", "always", "never"),
        sample="never",
    ),
    Option(
        "health_interval",
        parse_seconds,
        15,
        "Write a whole number of seconds, or 0 for no checks",
        "Seconds between rounds of health checks; 0 for none.",
        shape=shapes.SECONDS,
        sample="30",
    ),
    _switch("health_endpoints", "Answer /livez, /readyz and /healthz in Starlette and FastAPI apps.", default=False),
    Option(
        "health_port",
        parse_port,
        0,
        "Write a port from 1 to 65535, or 0 for none",
        "Port on 127.0.0.1 that answers /livez, /readyz and /healthz, for apps that are not ASGI; 0 for none.",
        shape=shapes.PORT,
        sample="9465",
    ),
    _switch("strict", "For tests and CI: raise where production withholds a record.", default=False),
)
