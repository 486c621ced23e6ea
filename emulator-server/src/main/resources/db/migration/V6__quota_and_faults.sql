-- What limits clusters beyond their own bounds, how their nodes are taken away, and the failures that were asked for.

alter table target add column subscription_id varchar(64) default '' not null;
alter table target add column location varchar(64) default '' not null;

update target set subscription_id = coalesce((select lower(w.subscription) from workspace w where w.id = target.workspace_id), ''),
                  location = coalesce((select w.location from workspace w where w.id = target.workspace_id), '');

alter table node add column held_until timestamp(6) with time zone;
alter table node add column eviction_noticed timestamp(6) with time zone;
alter table node add column eviction_due timestamp(6) with time zone;
alter table node add column eviction_retry boolean;

alter table job add column priority integer default 0 not null;

create table quota_limit (
    subscription_id varchar(64) not null,
    location        varchar(64) not null,
    pool            varchar(64) not null,
    cores           bigint      not null,
    primary key (subscription_id, location, pool)
);

create table fault (
    id              varchar(64)   not null primary key,
    sequence_number bigint        not null,
    since           timestamp(6) with time zone not null,
    workspace_id    varchar(36),
    target          varchar(64),
    times_left      integer,
    effect          varchar(10000) not null
);
