import markdownIt from 'markdown-it';
import sanitizeHtml from 'sanitize-html';

const markdown = markdownIt({ html: false, linkify: true, typographer: false });

const allowed: sanitizeHtml.IOptions = {
  allowedTags: [
    'p',
    'br',
    'strong',
    'em',
    's',
    'ul',
    'ol',
    'li',
    'h2',
    'h3',
    'h4',
    'h5',
    'blockquote',
    'code',
    'pre',
    'hr',
    'a',
  ],
  allowedAttributes: { a: ['href', 'rel'], ol: ['start'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
  transformTags: {
    // The page has its title already; a text inside it begins below.
    h1: 'h2',
    h6: 'h5',
    a: (_, attributes) => ({
      tagName: 'a',
      attribs: { href: attributes.href ?? '', rel: 'nofollow noopener noreferrer' },
    }),
  },
};

/**
 * Markdown to HTML that is safe to print as it is. Tags that somebody typed are shown as text, addresses with any other
 * scheme than a web page, an e-mail or a phone lose their link, and pictures, which would tell a stranger who reads, are
 * left out.
 */
export function markdownToHtml(text: string): string {
  return sanitizeHtml(markdown.render(text), allowed);
}
