import type { ForgeDescription } from "./description.ts";
import type { ExchangeOptions } from "./exchange.ts";
import type { Forge } from "./forge.ts";
import { ForgeError } from "./errors.ts";
import { createGitHub, gitHubHeaders } from "./github.ts";
import { createGitLab } from "./gitlab.ts";
import { createForgeHttp, type ForgeHttp } from "./http.ts";

/** A forge to talk to. Nothing is asked yet. */
export const openForge = (
  description: ForgeDescription,
  options: Omit<ExchangeOptions, "service">,
): Forge => {
  const { kind, apiUrl: baseUrl, token } = description;
  const github = kind === "github";
  const http =
    token === null
      ? closedHttp(description)
      : createForgeHttp({
          ...options,
          service: github ? "GitHub" : "GitLab",
          baseUrl,
          token,
          headers: github ? gitHubHeaders : { accept: "application/json" },
        });
  return (github ? createGitHub : createGitLab)(description, http, options.clock);
};

/** Of a run that has no token: everything is refused, as a token is that may do nothing. */
const closedHttp = ({ readOnlyBecause }: ForgeDescription): ForgeHttp => {
  const refuse = (): Promise<never> =>
    Promise.reject(new ForgeError("forbidden", `There is no token: ${readOnlyBecause ?? "none is set"}`));
  return { get: refuse, list: refuse, send: refuse, ask: refuse };
};
