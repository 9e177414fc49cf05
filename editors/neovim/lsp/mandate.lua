-- The Mandate language server, for `vim.lsp.enable('mandate')` of Neovim 0.11 and later.

---@type vim.lsp.Config
return {
  cmd = { 'mandate', 'lsp' },
  -- Passages of a package's documents have hovers and jumps, too.
  filetypes = { 'mandate', 'markdown' },
  root_dir = function(buffer, on_dir)
    local package = vim.fs.root(buffer, 'mandate.toml')
    if package then
      on_dir(package)
    elseif vim.bo[buffer].filetype == 'mandate' then
      -- A module outside every package is checked alone; other Markdown is none of our business.
      on_dir(vim.fs.dirname(vim.api.nvim_buf_get_name(buffer)))
    end
  end,
}
