import type { Language } from '../people/employee.ts';
import type { DeclineReason } from '../referrals/referral.ts';

/** Invented candidates; the first half of the story is told with the first names of the list. */
export const candidateNames = `Maria Ivanova; Tom Weber; Yuki Tanaka; Aleksei Romanov; Julia Hoffmann; Marko Simić;
Daria Vlasova; Peter Lang; Amira Nasser; Georgy Titov; Lena Schubert; Filip Janković; Olivia Grant; Sergey Nazarov;
Hannes Wolff; Zoran Đukić; Mila Antonova; Felix Sommer; Ana Kovač; Roman Zaitsev; Theresa Kern; Uroš Lazić;
Katya Melnikova; Simon Adler; Chidi Eze; Vladislav Panin; Marlene Roth; Dragan Tomić; Nora Jensen; Egor Sidorov;
Franziska Lorenz; Bojan Savić; Alisa Kravtsova; Leon Hartmann; Sara Lindgren; Mikhail Denisov; Jana Busch; Nenad Ristić;
Varvara Osipova; Paul Richter; Leila Karimi; Anton Fedotov; Sophie Brandl; Goran Vasić; Irina Chernova; Moritz Ebert;
Ivana Đorđević; Kirill Makarov; Charlotte Busse; Ognjen Babić; Ulyana Rodina; Erik Sandberg; Miloš Perić; Veronika Shubina;
Jakob Thiel; Teodora Matić; Stanislav Gordeev; Helena Krüger; Aleksa Obradović; Margarita Yakovleva; Benedikt Auer;
Jovana Cvetković; Nikita Ermakov; Rosa Zimmermann; Vuk Milošević; Elizaveta Drozdova; Adrian Falk; Natalija Bogdanović;
Gleb Sorokin; Miriam Seidel; Petar Živković; Valeria Tikhonova; Konrad Bauer; Danica Rakić; Fyodor Kalinin; Amelie Stein;
Strahinja Vuković; Anfisa Loginova; Ludwig Herrmann; Kalina Stojanović`
  .split(';')
  .map((name) => name.trim());

export const whys: Record<Language, string[]> = {
  en: [
    'We built a billing system together for three years. Calm when things break, and writes it down afterwards.',
    'Taught me most of what I know about databases. Explains difficult things in simple words.',
    'We studied together and have kept sharing problems since. Always finds the question behind the question.',
    'Ran the support team at my last company. Customers asked for them by name.',
    'Organises the local meet-up, and somehow everybody shows up on time.',
    'Left a big company to do work that people actually use. That is us, I think.',
  ],
  ru: [
    'Три года вместе делали биллинг. Спокойствие в любой аварии, а потом всегда понятный разбор.',
    'Почти всё, что я знаю о базах данных, я знаю благодаря этому человеку. Объясняет сложное простыми словами.',
    'Учились вместе и до сих пор советуемся. Всегда находит вопрос, который стоит за вопросом.',
    'Руководит поддержкой на моей прошлой работе: клиенты просят соединить именно с этим человеком.',
    'Ведёт местное сообщество разработчиков, и туда правда хочется приходить.',
    'Хочет делать то, чем люди пользуются каждый день. По-моему, это к нам.',
  ],
};

export const relationshipWords: Record<Language, string[]> = {
  en: ['three years in one team', 'same course at university', 'met at a conference, stayed in touch'],
  ru: ['три года в одной команде', 'учились на одном курсе', 'познакомились на конференции и общаемся'],
};

type Answer = { reason: DeclineReason; en: string; ru: string };

export const answers: Answer[] = [
  {
    reason: 'skills',
    en: 'A strong engineer, only we need several years of streaming in production here. Someone who has run Kafka would be just right next time.',
    ru: 'Сильный инженер, но здесь нужны годы работы с потоковой обработкой. В следующий раз подойдёт человек, у которого был свой кластер Kafka.',
  },
  {
    reason: 'experience',
    en: 'Thoughtful and quick, and still early for a senior role: this one leads others from day one. For junior openings, please think of them again.',
    ru: 'Думает глубоко и быстро, но для старшей роли пока рано: здесь с первого дня нужно вести других. На младшие вакансии рекомендуйте ещё раз.',
  },
  {
    reason: 'language',
    en: 'The work is in German from the first call with a customer, and that was the hard part. With B2 we would gladly talk again.',
    ru: 'Работа идёт на немецком с первого звонка клиенту, и это оказалось трудным. С уровнем B2 с радостью поговорим снова.',
  },
  {
    reason: 'filled',
    en: 'Two days earlier we had made an offer to someone else. A good profile: we keep it in the pool and will come back with the next opening.',
    ru: 'За два дня до этого мы уже сделали предложение другому человеку. Профиль хороший: остаётся в резерве, вернёмся к нему со следующей вакансией.',
  },
  {
    reason: 'salary',
    en: 'We liked each other, and the wish was a third above what this role can pay. For lead roles the range is higher, so do ask us.',
    ru: 'Мы друг другу понравились, но ожидания по зарплате на треть выше возможного для этой роли. Для ведущих ролей вилка выше: спрашивайте.',
  },
];
