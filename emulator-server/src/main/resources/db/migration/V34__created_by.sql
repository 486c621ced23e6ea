-- Who made what: the name in the caller's token. What is there already was made before it was kept.
alter table workspace add column created_by varchar(256) default 'anonymous' not null;
alter table datastore add column created_by varchar(256) default 'anonymous' not null;
alter table environment add column created_by varchar(256) default 'anonymous' not null;
alter table asset add column created_by varchar(256) default 'anonymous' not null;
alter table code_version add column created_by varchar(256) default 'anonymous' not null;

-- What the versions of a code asset share, as it is for environments and other assets.
create table code_asset (
    workspace_id varchar(36) not null,
    name_key varchar(255) not null,
    name varchar(255) not null,
    document varchar(100000) not null,
    archived boolean not null,
    latest_version varchar(255),
    next_number bigint not null,
    created_on timestamp with time zone not null,
    modified_on timestamp with time zone not null,
    created_by varchar(256) not null,
    primary key (workspace_id, name_key)
);

insert into code_asset (workspace_id, name_key, name, document, archived, latest_version, next_number,
    created_on, modified_on, created_by)
select workspace_id, name_key, min(name), '{}', false, max(version), 2, min(created_on), max(modified_on), 'anonymous'
from code_version group by workspace_id, name_key;
