/** `${run}`, `${env:NAME}` and `${file:path}` in the values of a job's config. */

export type ExpandContext = {
  /** What `${name}` stands for. */
  readonly variables: Readonly<Record<string, string>>;
  readonly env: (name: string) => string | undefined;
  /** The file's text; throws when it cannot be read. */
  readonly readFile: (path: string) => string;
};

export type Expanded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** Once through: what a variable stands for is not expanded again. */
export function expand(text: string, context: ExpandContext): Expanded {
  let fault: string | undefined;
  const expanded = text.replace(/\$\{([^}]*)\}/g, (_, reference: string) => {
    const found = lookUp(reference, context);
    if (!found.ok) fault ??= found.message;
    return found.ok ? found.text : "";
  });
  return fault === undefined ? { ok: true, text: expanded } : { ok: false, message: fault };
}

function lookUp(reference: string, { variables, env, readFile }: ExpandContext): Expanded {
  const colon = reference.indexOf(":");
  const provider = reference.slice(0, Math.max(colon, 0));
  const name = reference.slice(colon + 1);
  if (provider === "env") {
    return orFault(env(name), `the environment variable ${name} is not set`);
  }
  if (provider === "file") {
    try {
      return { ok: true, text: readFile(name).replace(/\r?\n$/, "") };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ok: false, message: `\${file:${name}} cannot be read: ${why}` };
    }
  }
  const value = Object.hasOwn(variables, reference) ? variables[reference] : undefined;
  return orFault(value, `nothing says what \${${reference}} stands for`);
}

function orFault(text: string | undefined, message: string): Expanded {
  return text === undefined ? { ok: false, message } : { ok: true, text };
}
