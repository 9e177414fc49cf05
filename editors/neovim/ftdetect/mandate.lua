vim.filetype.add({ extension = { mandate = 'mandate' } })
