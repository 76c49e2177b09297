"""Why a driver cannot do what it was asked, in a form that the gate turns into a sentence."""

# Must be those of `refusalReasons` in src/engines/protocols/json-lines-messages.ts.
REASONS = (
    "argument-unknown",
    "engine-start-failed",
    "import-failed",
    "model-unreadable",
    "module-missing",
    "sampling-field-owned",
    "sampling-field-unknown",
    "setting-not-in-force",
    "settings-invalid",
    "tokenizer-mismatch",
    "version-too-old",
)


class Refused(Exception):
    """`reason` is one of REASONS; `subject` is what it is about; `found` and `expected` are facts; `hints` are the engine's own words."""

    def __init__(self, reason, subject, found, expected, hints=()):
        super().__init__(f"{reason}: {subject}: found {found}, expected {expected}")
        assert reason in REASONS
        self.reason = reason
        self.subject = str(subject)
        self.found = str(found)
        self.expected = str(expected)
        self.hints = [str(hint) for hint in hints]

    def as_message(self):
        """The fields of a refusal as they are told."""
        return {
            "reason": self.reason,
            "subject": self.subject,
            "found": self.found,
            "expected": self.expected,
            "hints": self.hints,
        }

    @classmethod
    def of_message(cls, fields):
        return cls(fields["reason"], fields["subject"], fields["found"], fields["expected"], fields["hints"])
