import type { ForgeDescription } from "./description.ts";
import type { ExchangeOptions } from "./exchange.ts";
import type { Forge } from "./forge.ts";
import { createGitHub, gitHubHeaders } from "./github.ts";
import { createGitLab } from "./gitlab.ts";
import { createForgeHttp } from "./http.ts";

/** A forge to talk to. Nothing is asked yet. */
export const openForge = (
  description: ForgeDescription,
  options: Omit<ExchangeOptions, "service">,
): Forge => {
  const { kind, apiUrl: baseUrl, token } = description;
  const github = kind === "github";
  const http = createForgeHttp({
    ...options,
    service: github ? "GitHub" : "GitLab",
    baseUrl,
    token,
    headers: github ? gitHubHeaders : { accept: "application/json" },
  });
  return (github ? createGitHub : createGitLab)(description, http, options.clock);
};
