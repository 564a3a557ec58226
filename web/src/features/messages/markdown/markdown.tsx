import { Fragment, memo, type ReactNode } from "react";
import { CodeBlock } from "./code-block.js";
import type { Block, Inline } from "./blocks.js";
import { parseMarkdown } from "./parse-markdown.js";
import { usePartTabIndex } from "../../../ui/row-parts.js";

/** How running text is shown where it is not code: mentions in it become chips. */
export type RenderText = (text: string) => ReactNode;

interface MarkdownProps {
  readonly content: string;
  readonly renderText: RenderText;
}

interface AnchorProps {
  readonly href: string;
  readonly hint: string;
  readonly children: ReactNode;
}

function Anchor({ href, hint, children }: AnchorProps) {
  return (
    <a href={href} title={hint} target="_blank" rel="noopener noreferrer nofollow" tabIndex={usePartTabIndex()}>
      {children}
    </a>
  );
}

// The parts of one text never change places: their index is their identity.

function renderInline(part: Inline, renderText: RenderText): ReactNode {
  switch (part.kind) {
    case "text":
      return renderText(part.text);
    case "code":
      return (
        <code className="inline-code" dir="ltr">
          {part.text}
        </code>
      );
    case "link":
      return (
        <Anchor href={part.href} hint={part.hint}>
          {renderInlines(part.children, renderText)}
        </Anchor>
      );
    case "strong":
    case "em":
    case "del": {
      const Tag = part.kind;
      return <Tag>{renderInlines(part.children, renderText)}</Tag>;
    }
  }
}

function renderInlines(parts: readonly Inline[], renderText: RenderText): ReactNode {
  return parts.map((part, index) => <Fragment key={index}>{renderInline(part, renderText)}</Fragment>);
}

function renderBlock(block: Block, renderText: RenderText): ReactNode {
  switch (block.kind) {
    case "flow":
      return renderInlines(block.children, renderText);
    case "quote":
      return <blockquote className="quote">{renderBlocks(block.blocks, renderText)}</blockquote>;
    case "code":
      return <CodeBlock language={block.language} text={block.text} />;
    case "list": {
      const Tag = block.isOrdered ? "ol" : "ul";
      return (
        <Tag className="list">
          {block.items.map((item, index) => (
            <li key={index} value={item.number ?? undefined}>
              {renderBlocks(item.blocks, renderText)}
            </li>
          ))}
        </Tag>
      );
    }
  }
}

function renderBlocks(blocks: readonly Block[], renderText: RenderText): ReactNode {
  return blocks.map((block, index) => <Fragment key={index}>{renderBlock(block, renderText)}</Fragment>);
}

/** A message's text as React elements. Nothing in it is ever taken for HTML. */
export const Markdown = memo(function Markdown({ content, renderText }: MarkdownProps) {
  return renderBlocks(parseMarkdown(content), renderText);
});
