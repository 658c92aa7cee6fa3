/**
 * SQL: a JSON array of this employee (a column or a placeholder of the caller's) and of everybody above, the nearest first. A
 * staff list with a ring in it ends where it would repeat.
 */
export const chainOf = (employeeId: string): string => `(
  with recursive above (id, manager_id, height) as (
    select id, manager_id, 0 from employees where id = ${employeeId}
    union all
    select manager.id, manager.manager_id, height + 1 from above join employees manager on manager.id = above.manager_id
  ) cycle id set repeats using way
  select coalesce(json_agg(id order by height), '[]') from above where not repeats)`;
