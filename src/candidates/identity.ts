import { domainToASCII } from 'node:url';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { ok, type Result, refuse } from '../lib/result.ts';

/**
 * How the same human being is recognised: by e-mail, phone or profile link. Two people taken for one is worse than one
 * taken for two (a stranger would read "already recommended"), so only what is known to be the same is made the same.
 */

export type EmailRefusal = 'empty' | 'notAnAddress' | 'tooLong';
export type PhoneRefusal = 'empty' | 'notAPhone';
export type LinkRefusal = 'empty' | 'notALink' | 'tooLong';

/**
 * An address as it is stored and written to: outer spaces gone, small letters, the domain in ASCII (xn--…). Refuses
 * whatever could break out of a mail header, a list of addresses, or the domain itself.
 */
export function normaliseEmail(text: string): Result<string, EmailRefusal> {
  const address = text.trim().normalize('NFC').toLowerCase();
  if (address === '') return refuse('empty');
  if (address.length > 254) return refuse('tooLong');
  const match = /^([^\s@"'<>()[\]\\,;:\p{C}]+)@([^\s@/?#:%[\]\p{C}]+)$/u.exec(address.replaceAll("'", '\u02BC'));
  const local = match?.[1]?.replaceAll('\u02BC', "'") ?? '';
  const domain = domainToASCII(match?.[2] ?? '');
  if (local === '' || local.length > 64 || /^\.|\.\.|\.$/.test(local)) return refuse('notAnAddress');
  const isDomain = /^(?!-)[a-z0-9-]+(\.(?!-)[a-z0-9-]+)+$/.test(domain) && /[a-z]/.test(domain.split('.').at(-1) ?? '');
  return isDomain ? ok(`${local}@${domain}`) : refuse('notAnAddress');
}

// Where the provider itself says that what follows a plus goes to the same box. A company's own server may not.
const IGNORES_TAG = new Set(
  'gmail.com outlook.com hotmail.com live.com msn.com icloud.com me.com mac.com fastmail.com proton.me protonmail.com pm.me yandex.ru'.split(
    ' ',
  ),
);
const SAME_DOMAIN: Record<string, string> = {
  'googlemail.com': 'gmail.com',
  'ya.ru': 'yandex.ru',
  'yandex.com': 'yandex.ru',
};

/**
 * The key by which an address (as normaliseEmail leaves it) is the same as another: without the +tag where the provider
 * ignores it, at Gmail also without dots, and with the second name of a domain turned into the first.
 */
export function emailKey(email: string): string {
  const at = email.lastIndexOf('@');
  const given = email.slice(at + 1);
  const domain = SAME_DOMAIN[given] ?? given;
  let local = email.slice(0, at);
  if (IGNORES_TAG.has(domain)) local = local.replace(/(?!^)\+.*$/, '');
  if (domain === 'gmail.com') local = local.replaceAll('.', '');
  return `${local}@${domain}`;
}

/** A phone as E.164 (+491701234567). A number without its country code is read as one of that country (ISO alpha-2). */
export function toE164(phone: string, country: string): Result<string, PhoneRefusal> {
  const text = phone.trim().replace(/^00/, '+');
  if (text === '') return refuse('empty');
  if (text.length > 40) return refuse('notAPhone');
  const home: CountryCode | undefined = isSupportedCountry(country) ? country : undefined;
  const found = parsePhoneNumberFromString(text, { ...(home ? { defaultCountry: home } : {}), extract: false });
  return found?.isPossible() && /^\+[0-9]{5,15}$/.test(found.number) ? ok(found.number) : refuse('notAPhone');
}

/** The sites whose links lead to one person: what of the path names them. Case does not matter there. */
const SITES: { host: string; person: RegExp }[] = [
  { host: 'linkedin.com', person: /^\/(?:in|pub)\/[^/]+/ },
  { host: 'github.com', person: /^\/[^/]+/ },
  { host: 'gitlab.com', person: /^\/[^/]+/ },
  { host: 'xing.com', person: /^\/profile\/[^/]+/ },
  { host: 'hh.ru', person: /^\/resume\/[^/]+/ },
  { host: 'vk.com', person: /^\/[^/]+/ },
  { host: 't.me', person: /^\/[^/]+/ },
  { host: 'x.com', person: /^\/[^/]+/ },
  { host: 'twitter.com', person: /^\/[^/]+/ },
];

/**
 * A profile link as it is shown and stored: https, the host in small letters without www., m. or (at the sites we know)
 * a country before it; there without query, fragment and what follows the person's name. "linkedin.com/in/maria" without
 * a scheme is welcome; any scheme but http and https, a user name or a port is refused, and at a site we know a page that
 * is no person's: two strangers would be one candidate by "linkedin.com".
 */
export function normaliseProfileLink(text: string): Result<string, LinkRefusal> {
  const given = text.trim();
  if (given === '') return refuse('empty');
  if (given.length > 500) return refuse('tooLong');
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(given) ? given : `https://${given}`);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.port) return refuse('notALink');
  if (/[\s\p{C}\\]/u.test(given) || !/\.[a-z][a-z0-9-]+$/.test(url.hostname)) return refuse('notALink');

  const site = SITES.find(({ host }) => url.hostname === host || url.hostname.endsWith(`.${host}`));
  if (site) {
    const person = site.person.exec(url.pathname)?.[0];
    return person ? ok(`https://${site.host}${plainCase(person)}`) : refuse('notALink');
  }
  const host = url.hostname.replace(/^(www|m)\./, '');
  return ok(`https://${host}${url.pathname.replace(/\/+$/, '')}${url.search}`);
}

function plainCase(path: string): string {
  try {
    return encodeURI(decodeURI(path).normalize('NFC').toLowerCase());
  } catch {
    return path.toLowerCase();
  }
}

/** The key by which a link (as normaliseProfileLink leaves it) is the same as another. */
export function profileKey(link: string): string {
  return link.replace(/^https:\/\//, '');
}
