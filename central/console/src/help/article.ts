// What an article of the help is: for which pages it stands, and what it says.

export interface Article {
  /** Unique; its address in the help. */
  key: string;
  /** Addresses whose pages open the help with it, a part `*` standing for any one; the longest that fits wins. */
  pages: readonly string[];
  title: string;
  /** Further words under which somebody may search for it. */
  keywords: string;
  /** Paragraphs; one that begins with "- " is a line of a list. */
  text: readonly string[];
}

/** The articles in which every word of a search stands, those with it in the title first. */
export function search(articles: readonly Article[], words: string): Article[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = (article: Article) => {
    const title = article.title.toLowerCase();
    const all = [title, article.keywords, ...article.text].join("\n").toLowerCase();
    if (!wanted.every((word) => all.includes(word))) return 0;
    return wanted.every((word) => title.includes(word)) ? 2 : 1;
  };
  return articles
    .map((article) => ({ article, rank: rank(article) }))
    .filter((found) => found.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map((found) => found.article);
}

/** The article of a page. */
export function articleOf(articles: readonly Article[], pathname: string): Article | undefined {
  const parts = pathname.split("/").filter(Boolean);
  const fit = (page: string) => {
    const wanted = page.split("/").filter(Boolean);
    return wanted.length
      ? wanted.every((part, n) => (part === "*" ? parts[n] !== undefined : part === parts[n]))
      : parts.length === 0;
  };
  return articles
    .flatMap((article) => article.pages.filter(fit).map((page) => ({ article, length: page.length })))
    .sort((a, b) => b.length - a.length)[0]?.article;
}
