"""The part of SARIF 2.1.0 that we write, as a JSON Schema of our own: for tests of what is written."""

from __future__ import annotations

from typing import Any

__all__ = ["SARIF"]

# What we use of SARIF 2.1.0, in our own words: the kinds of things, what they must have, and nothing beyond.
_TEXT: dict[str, Any] = {
    "type": "object",
    "properties": {"text": {"type": "string", "minLength": 1}},
    "required": ["text"],
    "additionalProperties": False,
}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_BAG = {"type": "object"}
_ONE = {"type": "integer", "minimum": 1}
SARIF: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "$schema": {"type": "string", "pattern": "sarif-schema-2\\.1\\.0\\.json$"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"$ref": "#/$defs/run"}},
    },
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "$defs": {
        "run": {
            "type": "object",
            "properties": {
                "tool": {
                    "type": "object",
                    "properties": {"driver": {"$ref": "#/$defs/driver"}},
                    "required": ["driver"],
                    "additionalProperties": False,
                },
                "invocations": {"type": "array", "items": {"$ref": "#/$defs/invocation"}},
                "originalUriBaseIds": {
                    "type": "object",
                    "additionalProperties": {
                        "type": "object",
                        "properties": {"description": _TEXT},
                        "additionalProperties": False,
                    },
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                "properties": _BAG,
            },
            "required": ["tool", "results"],
            "additionalProperties": False,
        },
        "driver": {
            "type": "object",
            "properties": {
                "name": {"const": "relmetrics"},
                "version": {"type": "string"},
                "language": {"type": "string", "pattern": "^[a-z]{2}(-[A-Z]{2})?$"},
                "rules": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {
                        "type": "object",
                        "properties": {
                            "id": {"type": "string"},
                            "shortDescription": _TEXT,
                            "fullDescription": _TEXT,
                            "help": _TEXT,
                            "defaultConfiguration": {
                                "type": "object",
                                "properties": {"level": _LEVEL},
                                "additionalProperties": False,
                            },
                            "properties": _BAG,
                        },
                        "required": ["id", "shortDescription"],
                        "additionalProperties": False,
                    },
                },
            },
            "required": ["name", "rules"],
            "additionalProperties": False,
        },
        "invocation": {
            "type": "object",
            "properties": {
                "executionSuccessful": {"type": "boolean"},
                "toolExecutionNotifications": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"level": _LEVEL, "message": _TEXT},
                        "required": ["message"],
                        "additionalProperties": False,
                    },
                },
            },
            "required": ["executionSuccessful"],
            "additionalProperties": False,
        },
        "result": {
            "type": "object",
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "level": _LEVEL,
                "message": _TEXT,
                "locations": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/location"}},
                "relatedLocations": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/location"}},
                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                "properties": _BAG,
            },
            "required": ["ruleId", "level", "message", "locations", "partialFingerprints"],
            "additionalProperties": False,
        },
        "location": {
            "type": "object",
            "properties": {
                "id": {"type": "integer", "minimum": 0},
                "message": _TEXT,
                "physicalLocation": {
                    "type": "object",
                    "properties": {
                        "artifactLocation": {
                            "type": "object",
                            "properties": {
                                # Relative, and a name alone: no folder, no scheme, only what an address may hold.
                                "uri": {"type": "string", "pattern": "^([A-Za-z0-9._~-]|%[0-9A-F]{2})+$"},
                                "uriBaseId": {"type": "string"},
                            },
                            "required": ["uri"],
                            "additionalProperties": False,
                        },
                        "region": {
                            "type": "object",
                            "properties": {"startLine": _ONE, "startColumn": _ONE},
                            "required": ["startLine"],
                            "additionalProperties": False,
                        },
                    },
                    "required": ["artifactLocation"],
                    "additionalProperties": False,
                },
                "logicalLocations": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {
                        "type": "object",
                        "properties": {
                            "name": {"type": "string"},
                            "fullyQualifiedName": {"type": "string"},
                            "kind": {"enum": ["sheet", "cell", "table", "key"]},
                        },
                        "required": ["name", "kind"],
                        "additionalProperties": False,
                    },
                },
            },
            "additionalProperties": False,
        },
    },
}
