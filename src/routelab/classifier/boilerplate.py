"""Text that coding agents wrap around what a user wrote."""

import re

# Blocks that agents add to user messages by themselves: state of the editor, reminders, rules.
_BLOCKS = (
    "environment_details",
    "environment_context",
    "system-reminder",
    "system_reminder",
    "user_instructions",
    "additional_data",
    "attached_files",
    "open_and_recently_viewed_files",
    "cursor_rules_context",
    "local-command-stdout",
    "local-command-caveat",
    "command-name",
    "command-message",
    "command-args",
    "ide_selection",
    "ide_opened_file",
)
_BLOCK = re.compile(r"<({names})(?:\s[^<>]*)?(?<!/)>.*?(?:</\1>|\Z)".format(names="|".join(_BLOCKS)), re.DOTALL)
# Tags around the user's own words: the tag goes, the words stay.
_WRAPPER = re.compile(r"</?(?:task|user_message|user_query|feedback|answer|user_prompt)>")
_BLANK_RUN = re.compile(r"\n{3,}")


def strip_boilerplate(text: str) -> str:
    """The words of the user, without what the agent added, outer white space and long gaps."""
    if "<" in text:
        text = _WRAPPER.sub("", _BLOCK.sub("", text))
    if "\n\n\n" in text:
        text = _BLANK_RUN.sub("\n\n", text)
    return text.strip()
