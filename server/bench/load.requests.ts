import { Agent, request } from "node:http";

/** One HTTP request, to be asked again and again. */
export interface Question {
  readonly url: string;
  readonly token?: string;
  /** A GraphQL operation; absent: a plain GET. */
  readonly body?: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };
}

export interface Served {
  readonly count: number;
  readonly tookMs: number;
  /** Of one answer. */
  readonly bytes: number;
}

const agent = new Agent({ keepAlive: true });

/** The parsed answer. */
export async function ask(question: Question): Promise<unknown> {
  return JSON.parse(await answerTo(question));
}

/** Asks the same as fast as the answers come, over a few connections. */
export async function askForAWhile(question: Question, atOnce: number, forMs: number): Promise<Served> {
  const startMs = performance.now();
  const first = await answerTo(question);
  let count = 1;
  const lane = async (): Promise<void> => {
    while (performance.now() - startMs < forMs) {
      const answer = await answerTo(question);
      if (answer.length !== first.length) throw new Error(`The answer has changed: ${answer.slice(0, 200)}`);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return { count, tookMs: performance.now() - startMs, bytes: Buffer.byteLength(first) };
}

/** Asks one after the other, by turns, so many times in all; how many milliseconds each took. */
export async function askInTurn(questions: readonly Question[], times: number): Promise<readonly number[]> {
  const tookMs: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const question = questions[turn % questions.length];
    if (question === undefined) throw new Error("There is nothing to ask.");
    const startMs = performance.now();
    await answerTo(question);
    tookMs.push(performance.now() - startMs);
  }
  return tookMs;
}

function answerTo({ url, token, body }: Question): Promise<string> {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const answer = new Promise<string>((resolve, reject) => {
    const asked = request(url, { agent, method: body === undefined ? "GET" : "POST", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200 && !text.startsWith('{"errors"')) resolve(text);
        else reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
  return answer;
}
