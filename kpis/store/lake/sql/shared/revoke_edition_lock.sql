-- who may read the shared schema may not keep others from sealing
revoke execute on function kpis_shared.try_edition_lock() from public
