import { relative, sep } from "node:path";

// No word of the web client bypasses its catalogues. What people read or hear stands in `i18n.t("...")`, or is marked as
// `/*i18n*/ "..."` where it is asked for later; `server/test/fences.test.ts` holds an offence against every kind.

/** Props and attributes that hold words. */
const WORDY = new Set([
  "alt",
  "aria-description",
  "aria-label",
  "aria-roledescription",
  "aria-valuetext",
  "cancelText",
  "closeLabel",
  "description",
  "does",
  "extra",
  "label",
  "message",
  "okText",
  "placeholder",
  "problem",
  "title",
  "words",
]);

const MARK = /\/\*\s*i18n\s*\*\/\s*$/;
const HAS_WORD = /\p{L}{2}/u;
/** Begins as a sentence does and goes on to a second word, or ends as one does. */
const SENTENCE = /^\s*\p{Lu}.*\p{L}[,:]? [\p{L}\d]|\p{L} ?[.…?!]\s*$/su;

/** The product's name, and what only programs read: headers, the reason for which a socket is closed. */
const NO_WORDS = /^\s*(Parley|Bearer \d|No pong)\s*$/;

/** GraphiQL and the REST API's document are tools of others, in English, and so is what stands above them. */
const ENGLISH_ONLY = /^web\/src\/(test|gql|graphiql|docs)\/|\/demo-bar\.tsx$|\.test\.tsx?$/;

function isOfClient(path) {
  return /^web\/src\/.*\.tsx?$/.test(path) && !ENGLISH_ONLY.test(path);
}

/** The words of a literal; the gaps of a template read as a word each. */
function textOf(node) {
  if (node.type === "TemplateLiteral") return node.quasis.map((quasi) => quasi.value.cooked).join("0");
  return typeof node.value === "string" ? node.value : "";
}

const nameOf = (node) => (node.type === "JSXAttribute" ? node.name.name : (node.key?.name ?? node.key?.value));

/** What passes a value on to where it is shown. */
const CARRIERS = new Set(["ConditionalExpression", "LogicalExpression", "TemplateLiteral", "JSXExpressionContainer"]);

/** Whether a literal is shown as it is: as a child of an element, or as a prop that holds words. */
function isShown(node) {
  let at = node;
  while (CARRIERS.has(at.parent?.type)) {
    if (at.parent.type === "ConditionalExpression" && at.parent.test === at) return false;
    at = at.parent;
  }
  const { parent } = at;
  if (parent?.type === "JSXElement" || parent?.type === "JSXFragment") return true;
  const holdsIt = parent?.type === "JSXAttribute" || (parent?.type === "Property" && parent.value === at);
  return holdsIt && WORDY.has(nameOf(parent));
}

/** Where sentences are for those who develop, or are asked of the catalogue. */
function isElsewhere(node) {
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at;
    if (parent.type === "NewExpression" && parent.callee.name?.endsWith("Error")) return true;
    if (parent.type === "CallExpression" && parent.callee.type === "Super") return true;
    if (parent.type === "ImportDeclaration" || parent.type === "TSLiteralType") return true;
    if (parent.type === "CallExpression" && parent.callee.object?.name === "i18n" && parent.arguments[0] === at)
      return true;
  }
  return false;
}

const bypass = {
  create(context) {
    const path = relative(context.cwd, context.filename).split(sep).join("/");
    if (!isOfClient(path)) return {};
    const report = (node) =>
      context.report({ node, message: 'Words come out of the catalogue: i18n.t("..."), then `npm run words`.' });
    const check = (node) => {
      const text = textOf(node);
      if (!HAS_WORD.test(text) || NO_WORDS.test(text) || isElsewhere(node)) return;
      if (MARK.test(context.sourceCode.text.slice(Math.max(0, node.range[0] - 20), node.range[0]))) return;
      if (isShown(node) || SENTENCE.test(text)) report(node);
    };
    return {
      JSXText: (node) => HAS_WORD.test(node.value) && !NO_WORDS.test(node.value) && report(node),
      Literal: check,
      TemplateLiteral: (node) => node.parent.type !== "TaggedTemplateExpression" && check(node),
    };
  },
};

const GAP = /\{(\w+)(?:\}|, ?(?:number|plural|select|selectordinal|date|time)\b)/g;

/** What a text has gaps for, and what it is given to fill them, are the same. */
const values = {
  create: (context) => ({
    CallExpression(node) {
      const [id, given] = node.arguments;
      if (node.callee.object?.name !== "i18n" || typeof id?.value !== "string") return;
      const gaps = new Set([...id.value.matchAll(GAP)].map(([, name]) => name));
      const names = new Set((given?.properties ?? []).map((property) => property.key?.name));
      const odd = [...gaps.symmetricDifference(names)];
      if (odd.length > 0) context.report({ node, message: `The text and its values differ in: ${odd.join(", ")}.` });
    },
  }),
};

export default { meta: { name: "words" }, rules: { bypass, values } };
