-- How the emulator's time passes: one row, once it was set. It said at_micros at the real time real_micros, both since 1970.

create table clock (
    id          integer          not null primary key,
    kind        varchar(16)      not null,
    speed       double precision not null,
    at_micros   bigint           not null,
    real_micros bigint           not null
);

insert into clock (id, kind, speed, at_micros, real_micros)
    select 1, 'REAL', 1, value_, 0 from counter where name = 'clock_ahead_micros';

delete from counter where name = 'clock_ahead_micros';

-- The name that the control API was told for a subscription.
alter table subscription add column name varchar(64);
