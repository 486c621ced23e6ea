create table declared_resource (
    id varchar(500) not null primary key,
    subscription_key varchar(36) not null,
    group_key varchar(90) not null,
    type_key varchar(100) not null,
    document varchar(200000) not null
);
create index declared_resource_by_group on declared_resource (subscription_key, group_key, type_key);

-- A share of a workspace's is named by the workspace and the family.
alter table quota_limit alter column pool set data type varchar(160);
