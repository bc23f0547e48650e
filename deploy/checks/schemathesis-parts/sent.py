"""A request as it was sent, compared with the document and with the further forms that its words accept."""

import json
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema_rs


class Sent:
    """The request of a response. What Schemathesis meant to send may read otherwise on the wire: `null` as a text."""

    def __init__(self, case, response):
        document = case.operation.schema.raw_schema
        self.components = document["components"]
        item = document["paths"][case.path]
        operation = item.get(case.method.lower(), {})
        self.parameters = [self.followed(each) for each in item["parameters"] + operation.get("parameters", [])]
        self.content = operation.get("requestBody", {}).get("content", {})
        self.url = urlsplit(response.request.url)
        self.template = case.path
        self.headers = response.request.headers
        self.body_text = response.request.body or b""
        answer = decoded(response.content)
        self.code, self.message = answer.get("code"), answer.get("msg", "")

    def followed(self, value: dict) -> dict:
        while "$ref" in value:
            value = self.components[value["$ref"].split("/")[2]][value["$ref"].split("/")[3]]
        return value

    @property
    def query(self) -> dict[str, list[str]]:
        """The values of each parameter; one that is empty counts as absent."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.url.query, keep_blank_values=True):
            found.setdefault(name, []).extend([value] if value else [])
        return found

    @property
    def body(self) -> dict:
        return decoded(self.body_text)

    def is_valid(self) -> bool:
        """Whether the document accepts the request, in the forms of its schemas or in those that it tells in words."""
        return self.has_valid_path() and self.has_valid_query() and self.has_valid_headers() and self.has_valid_body()

    def has_valid_path(self) -> bool:
        parts = zip(self.template.split("/"), self.url.path.split("/"), strict=False)
        values = {part[1:-1]: unquote(value) for part, value in parts if part.startswith("{")}
        return all(self.matches(each["schema"], values[each["name"]]) for each in self.located("path"))

    def has_valid_headers(self) -> bool:
        sent = [each for each in self.located("header") if each["name"] in self.headers]
        return all(self.matches(each["schema"], text(self.headers[each["name"]])) for each in sent)

    def has_valid_query(self) -> bool:
        schemas = {each["name"]: each["schema"] for each in self.located("query")}
        query = self.query
        return query.keys() <= schemas.keys() and all(self.is_valid_list(schemas[name], query[name]) for name in query)

    def is_valid_list(self, schema: dict, values: list[str]) -> bool:
        """Whether a parameter may have these values, each of them a comma list where the parameter is an array."""
        if schema.get("type") == "array":
            items = [item for value in values for item in value.split(",")]
            return all(any(self.matches(schema["items"], form) for form in read(item)) for item in items)
        return len(values) < 2 and all(any(self.matches(schema, form) for form in read(value)) for value in values)

    def has_valid_body(self) -> bool:
        if not self.content:
            return True
        name = self.content["application/json"]["schema"]["$ref"].split("/")[-1]
        schema = self.components["schemas"][name]
        required = schema.get("required", [])
        # In a draft, a blank field is as good as none where it is not required; in a change, it clears, a status to 0.
        spare = set(schema["properties"]) - set(required) if name.endswith("Draft") else set()
        spare |= {"status"} if name == "WorkPatch" else set()
        members = {key: value for key, value in self.body.items() if not (is_blank(value) and key in spare)}
        fields = schema["properties"]
        return set(required) <= members.keys() <= fields.keys() and all(
            any(self.matches(fields[key], form) for form in forms(value)) for key, value in members.items()
        )

    def located(self, location: str) -> list[dict]:
        return [each for each in self.parameters if each["in"] == location]

    def matches(self, schema: dict, value: object) -> bool:
        return validator(json.dumps(schema | {"components": self.components})).is_valid(value)


@lru_cache(maxsize=None)
def validator(schema: str):
    return jsonschema_rs.validator_for(json.loads(schema), validate_formats=True)


def decoded(content: bytes | str) -> dict:
    """The JSON object in these bytes; an empty one if they are anything else."""
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def text(value: bytes | str) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def read(value: str) -> list[object]:
    """What a parameter's text may stand for."""
    return [value] + ([json.loads(value)] if value in ("true", "false") else number(value))


def number(value: str) -> list[int]:
    """ASCII digits, also with leading zeros."""
    return [int(value)] if value.isascii() and value.isdigit() and len(value) < 20 else []


def is_blank(value: object) -> bool:
    return value is None or value == "" or value == []


def forms(value: object) -> list[object]:
    """What a member of a body may stand for: null if it is blank, a number written as text, an array of one text."""
    if is_blank(value):
        return [value, None]
    return [value, *number(value), [value]] if isinstance(value, str) else [value]
