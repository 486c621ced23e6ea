-- How compute instances stand, beside what they are to be (target). Written as JSON: no query looks into it.
create table instance (
    workspace_id varchar(36)  not null,
    name         varchar(64)  not null,
    standing     varchar(100000) not null,
    primary key (workspace_id, name)
);

-- Why an operation has failed.
alter table operation add column error_code varchar(200);
alter table operation add column error_message varchar(100000);
alter table operation add column error_at timestamp(6) with time zone;
