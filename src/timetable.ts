/** The queues of the house. */
export const queueNames = ['pay-bonuses', 'remind-probations', 'overdue-digest', 'deliver-mail', 'clean-up'] as const;
