import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emailKey, normaliseEmail, normaliseProfileLink, profileKey, toE164 } from '../../src/candidates/identity.ts';
import { ok, refuse } from '../../src/lib/result.ts';

describe('e-mail addresses', () => {
  const fine: [string, string][] = [
    [' Maria.Ivanova@Example.COM ', 'maria.ivanova@example.com'],
    ["o'brien@example.ie", "o'brien@example.ie"],
    ['tom+jobs@example.com', 'tom+jobs@example.com'],
    ['мария@почта.рф', 'мария@xn--80a1acny.xn--p1ai'],
    ['anna@bücher.example', 'anna@xn--bcher-kva.example'],
    ['a@b.co', 'a@b.co'],
    [`abc@${'b.'.repeat(123)}comm`, `abc@${'b.'.repeat(123)}comm`],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ];
  for (const [text, address] of fine) {
    it(`takes ${text.slice(0, 40)}`, () => assert.deepEqual(normaliseEmail(text), ok(address)));
  }
  const refused: [string, string][] = [
    ['', 'empty'],
    ['  ', 'empty'],
    ['maria', 'notAnAddress'],
    ['maria@', 'notAnAddress'],
    ['@example.com', 'notAnAddress'],
    ['maria@localhost', 'notAnAddress'],
    ['maria@127.0.0.1', 'notAnAddress'],
    ['maria@example..com', 'notAnAddress'],
    ['.maria@example.com', 'notAnAddress'],
    ['maria.@example.com', 'notAnAddress'],
    ['ma..ria@example.com', 'notAnAddress'],
    ['maria@exa mple.com', 'notAnAddress'],
    ['maria@-example.com', 'notAnAddress'],
    ['a@b@example.com', 'notAnAddress'],
    ['maria@example.com, eve@example.com', 'notAnAddress'],
    ['Maria <maria@example.com>', 'notAnAddress'],
    ['maria@example.com\nBcc: eve@example.com', 'notAnAddress'],
    ['maria\r\nBcc:eve@example.com', 'notAnAddress'],
    ['maria\u0000@example.com', 'notAnAddress'],
    ['maria\u202E@example.com', 'notAnAddress'],
    ['maria@example.com?bcc=eve', 'notAnAddress'],
    [`${'a'.repeat(65)}@example.com`, 'notAnAddress'],
    [`abcd@${'b.'.repeat(123)}comm`, 'tooLong'], // one character more than the longest
  ];
  for (const [text, reason] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 50))}`, () => assert.deepEqual(normaliseEmail(text), refuse(reason)));
  }

  it('are the same where the provider says so, and nowhere else', () => {
    const key = (text: string) => {
      const address = normaliseEmail(text);
      assert.ok(address.ok);
      return emailKey(address.value);
    };
    assert.equal(key('Maria.Ivanova+work@gmail.com'), 'mariaivanova@gmail.com');
    assert.equal(key('m.ariaivanova@googlemail.com'), 'mariaivanova@gmail.com');
    assert.equal(key('tom+x@outlook.com'), 'tom@outlook.com');
    assert.equal(key('t.om@outlook.com'), 't.om@outlook.com');
    assert.equal(key('ivan@ya.ru'), key('Ivan@yandex.ru'));
    assert.equal(key('tom+x@company.example'), 'tom+x@company.example');
    assert.equal(key('t.om@company.example'), 't.om@company.example');
    assert.equal(key('+tag@gmail.com'), '+tag@gmail.com');
  });
});

describe('phones', () => {
  const fine: [string, string, string][] = [
    ['+49 170 1234567', '', '+491701234567'],
    ['0170 123 45 67', 'DE', '+491701234567'],
    ['0049 170 1234567', 'RU', '+491701234567'],
    ['8 (912) 345-67-89', 'RU', '+79123456789'],
    ['+7 912 345-67-89', 'DE', '+79123456789'],
    ['(212) 555-0123', 'US', '+12125550123'],
    ['+81 90-1234-5678', 'ZZ', '+819012345678'],
  ];
  for (const [text, country, e164] of fine) {
    it(`reads ${text} in ${country || 'no country'} as ${e164}`, () =>
      assert.deepEqual(toE164(text, country), ok(e164)));
  }
  it('refuses what is no phone', () => {
    assert.deepEqual(toE164(' ', 'DE'), refuse('empty'));
    for (const text of [
      '12',
      'call me',
      '=1+1',
      '+',
      '+999 12345678',
      '+49 170 1234567 or later',
      '1'.repeat(41),
      'tel: x',
    ]) {
      assert.deepEqual(toE164(text, 'DE'), refuse('notAPhone'), text);
    }
    assert.deepEqual(toE164(`+49 170 1234567${'('.repeat(26)}`, 'DE'), refuse('notAPhone'));
    assert.deepEqual(toE164(`+49 170 1234567${'('.repeat(25)}`, 'DE'), ok('+491701234567'));
    assert.deepEqual(toE164('0170 1234567', ''), refuse('notAPhone'));
    assert.deepEqual(toE164('0170 1234567', 'ZZ'), refuse('notAPhone'));
  });
});

describe('profile links', () => {
  const same = (links: string[], link: string) => {
    for (const one of links) {
      it(`${one} is ${link}`, () => assert.deepEqual(normaliseProfileLink(one), ok(link)));
    }
  };
  same(
    [
      'https://www.linkedin.com/in/Maria-Ivanova/',
      'http://linkedin.com/in/maria-ivanova',
      'linkedin.com/in/maria-ivanova?utm_source=share#top',
      'https://ru.linkedin.com/in/maria-ivanova/en',
      ' https://m.linkedin.com/in/maria-ivanova ',
      'HTTPS://DE.LinkedIn.com/in/MARIA-IVANOVA/details/experience/',
    ],
    'https://linkedin.com/in/maria-ivanova',
  );
  same(
    ['https://github.com/Maria', 'github.com/maria/some-project', 'https://www.github.com/maria/'],
    'https://github.com/maria',
  );
  same(['https://www.xing.com/profile/Maria_Ivanova/cv'], 'https://xing.com/profile/maria_ivanova');
  same(['https://spb.hh.ru/resume/ABC123?query=x', 'hh.ru/resume/abc123'], 'https://hh.ru/resume/abc123');
  same(
    ['https://linkedin.com/in/мария', 'https://www.linkedin.com/in/%D0%9C%D0%B0%D1%80%D0%B8%D1%8F/'],
    'https://linkedin.com/in/%D0%BC%D0%B0%D1%80%D0%B8%D1%8F',
  );
  same(['https://t.me/Maria_I', 'http://www.t.me/maria_i?start=1'], 'https://t.me/maria_i');
  // Elsewhere the query may name the person, and case may matter.
  same(['https://www.example.com/People?id=7#cv'], 'https://example.com/People?id=7');
  same(['http://maria.example.com/'], 'https://maria.example.com');
  same(['https://notlinkedin.com/in/Maria?x=1'], 'https://notlinkedin.com/in/Maria?x=1');

  it('refuses every scheme but http and https, and what is no link', () => {
    const refused = [
      'javascript:alert(1)',
      'JavaScript:alert(1)//linkedin.com',
      'data:text/html,x',
      'ftp://example.com/x',
      'mailto:a@example.com',
      'https://user@example.com/',
      'https://u:p@linkedin.com/in/x',
      'https://linkedin.com:8443/in/x',
      'maria',
      'http://localhost/x',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://linkedin.com/in/ma ria',
      'https://linkedin.com/in/x\nSet-Cookie: a',
      'https://',
    ];
    for (const text of refused) assert.deepEqual(normaliseProfileLink(text), refuse('notALink'), text);
    for (const text of [
      'linkedin.com',
      'https://www.linkedin.com/company/x/',
      'https://ru.linkedin.com/in/',
      'github.com/',
      'hh.ru/vacancy/1',
    ]) {
      assert.deepEqual(normaliseProfileLink(text), refuse('notALink'), text);
    }
    assert.deepEqual(normaliseProfileLink(''), refuse('empty'));
    assert.deepEqual(
      normaliseProfileLink(`https://example.com/${'a'.repeat(480)}`),
      ok(`https://example.com/${'a'.repeat(480)}`),
    );
    assert.deepEqual(normaliseProfileLink(`https://example.com/${'a'.repeat(481)}`), refuse('tooLong'));
  });

  it('stay as they are when read again', () => {
    for (const text of ['https://ru.linkedin.com/in/мария/', 'example.com/a?b=c', 'https://github.com/%E0%A4%A']) {
      const once = normaliseProfileLink(text);
      assert.ok(once.ok, text);
      assert.deepEqual(normaliseProfileLink(once.value), once);
    }
  });

  it('have the key without the scheme', () => assert.equal(profileKey('https://github.com/maria'), 'github.com/maria'));
});
