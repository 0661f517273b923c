"""The Markdown extension's second step: highlighted code and its outputs become one element."""

import re
from html import escape


from tfnotes.core.blocks import Block
from tfnotes.site.html.render import focusable
from tfnotes.site.html.words import say
from tfnotes.site.markdown.context import PageProcessor

_PLACEHOLDER = re.compile("\x02wzxhzdk:(?P<index>\\d+)\x03$")


class Join(PageProcessor):
    """Second step: the highlighted code and its outputs become one element."""

    def run(self, lines: list[str]) -> list[str]:
        """Replaces what stands between two markers."""
        if not self.context.outputs:
            return lines
        result: list[str] = []
        rest = iter(lines)
        for line in rest:
            part = self.context.outputs.pop(line.strip(), None)
            if part is None:
                result.append(line)
                continue
            token = line.strip()
            between: list[str] = []
            for following in rest:
                if following.strip() == f"{token}-end":
                    break
                between.append(following)
            result += self._join(line[: line.index(token)], between, *part)
        return result

    def _join(self, indent: str, between: list[str], block: Block, outputs: str) -> list[str]:
        lines = [line for line in between if line.strip()]
        placeholder = _PLACEHOLDER.match(lines[0].strip()) if len(lines) == 1 else None
        if placeholder is None and lines:
            # No extension here highlights fences (or this one is nested in a way it cannot read).
            return [*between, "", indent + self.stash(outputs), ""]
        code = (
            str(self.md.htmlStash.rawHtmlBlocks[int(placeholder["index"])]) if placeholder else ""
        )
        code = code.replace("<code>", f"<code{focusable(block.code)}>", 1)
        if code and "fold" in block.options:
            language = self.context.page.language if self.context.page else "en"
            summary = escape(block.options.get("title") or say(language, "code"))
            code = f'<details class="tf-code"><summary>{summary}</summary>{code}</details>'
        if not code and not outputs:
            return []
        html = f'<div class="tf-block">{code}{outputs}</div>'
        return ["", indent + self.stash(html), ""]
