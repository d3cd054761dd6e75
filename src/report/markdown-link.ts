/** null: there is no address, or none of the web. */
export const markdownLink = (text: string, url: string | undefined): string | null => {
  if (url === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  return `[${text}](<${new URL(url).href.replace(/[<>\\`|]/g, encodeURIComponent)}>)`;
};
