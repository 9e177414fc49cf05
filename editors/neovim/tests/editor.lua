-- What a person does in Neovim with a package, and what has to come of it. Run by run.sh in a copy of tests/lsp/camp.

local PATIENCE = 30000
local done = {}

local function wait(what, condition)
  assert(vim.wait(PATIENCE, condition, 20), 'waited too long for ' .. what)
end

--- Puts the cursor on the first place of `words`, plus `inside` characters.
local function go(words, inside)
  vim.fn.cursor(1, 1)
  assert(vim.fn.search('\\V' .. vim.fn.escape(words, '\\'), 'cW') > 0, words .. ' is not there')
  vim.fn.cursor(vim.fn.line('.'), vim.fn.col('.') + (inside or 0))
end

local function open(name)
  vim.cmd.edit(name)
  wait('the server', function()
    local client = vim.lsp.get_clients({ bufnr = 0, name = 'mandate' })[1]
    return client ~= nil and client.initialized
  end)
  return vim.lsp.get_clients({ bufnr = 0, name = 'mandate' })[1]
end

local function request(client, method, more)
  local params = vim.tbl_extend('force', vim.lsp.util.make_position_params(0, client.offset_encoding), more or {})
  local answer, fault = client:request_sync(method, params, PATIENCE, 0)
  assert(answer, fault)
  assert(not answer.err, vim.inspect(answer.err))
  return answer.result
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n')
end

local function test(name, work)
  local ok, fault = xpcall(work, debug.traceback)
  if not ok then
    io.stderr:write('neovim: ' .. name .. ' failed: ' .. fault .. '\n')
    vim.cmd('cquit 1')
  end
  table.insert(done, name)
  vim.cmd('silent! %bwipeout!')
end

vim.lsp.config('mandate', { cmd = { vim.env.MANDATE_PROGRAM, 'lsp' } })
vim.lsp.enable('mandate')

test('diagnostics', function()
  open('rules.mandate')
  assert(vim.bo.filetype == 'mandate' and vim.bo.commentstring == '// %s')
  go('gravity >=')
  vim.cmd('normal! ciwbravery')
  wait('the finding', function()
    return #vim.diagnostic.get(0) == 1
  end)
  local found = vim.diagnostic.get(0)[1]
  assert(found.source == 'mandate' and found.lnum == vim.fn.line('.') - 1, vim.inspect(found))
  vim.cmd('normal! u')
  wait('silence', function()
    return #vim.diagnostic.get(0) == 0
  end)
end)

test('hover', function()
  open('rules.mandate')
  go('order_7#reporting', 10)
  vim.lsp.buf.hover()
  wait('the hover', function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true)
        return table.concat(lines, '\n'):find('Whoever sees a grave incident', 1, true) ~= nil
      end
    end
    return false
  end)
end)

test('definition', function()
  open('rules.mandate')
  go('is_large(i.unit)', 2)
  vim.lsp.buf.definition()
  wait('the declaration', function()
    return vim.fn.expand('%:t') == 'units.mandate' and vim.fn.getline('.'):find('define is_large', 1, true) ~= nil
  end)
  vim.cmd.edit('rules.mandate')
  go('order_7#reporting', 10)
  vim.lsp.buf.definition()
  wait('the passage', function()
    return vim.fn.expand('%:t') == 'order.md'
  end)
  -- The document is served, too.
  wait('the server', function()
    return #vim.lsp.get_clients({ bufnr = 0, name = 'mandate' }) == 1
  end)
end)

test('references', function()
  open('units.mandate')
  go('is_large', 2)
  vim.lsp.buf.references()
  wait('the list', function()
    local files = {}
    for _, item in ipairs(vim.fn.getqflist()) do
      files[vim.fs.basename(vim.api.nvim_buf_get_name(item.bufnr))] = true
    end
    return files['units.mandate'] and files['rules.mandate']
  end)
  vim.cmd.cclose()
end)

test('rename', function()
  open('rules.mandate')
  open('units.mandate')
  go('is_large', 2)
  vim.lsp.buf.rename('is_big')
  wait('the new name here', function()
    return text():find('define is_big', 1, true) ~= nil
  end)
  vim.cmd.buffer('rules.mandate')
  wait('the new name there', function()
    return text():find('is_big(i.unit)', 1, true) ~= nil and text():find('is_large', 1, true) == nil
  end)
end)

test('completion', function()
  local client = open('rules.mandate')
  go('gravity >=')
  local found = request(client, 'textDocument/completion', { context = { triggerKind = 1 } })
  local labels = {}
  for _, item in ipairs(found.items or found) do
    labels[item.label] = true
  end
  assert(labels.gravity and labels.observed_at, vim.inspect(labels))
end)

test('code action', function()
  open('units.mandate')
  go('u.size', 2)
  vim.cmd('normal! ciwsise')
  wait('the finding', function()
    return #vim.diagnostic.get(0) == 1
  end)
  vim.lsp.buf.code_action({
    apply = true,
    context = { only = { 'quickfix' }, diagnostics = {} },
    filter = function(action)
      return action.title:find('size', 1, true) ~= nil
    end,
  })
  wait('the repair', function()
    return text():find('u.size >=', 1, true) ~= nil
  end)
end)

test('formatting', function()
  open('units.mandate')
  vim.fn.setline(vim.fn.search('  id: Text'), '        id:    Text')
  vim.lsp.buf.format({ timeout_ms = PATIENCE })
  assert(text():find('\n  id: Text\n', 1, true), text())
end)

test('semantic tokens', function()
  open('units.mandate')
  go('is_large')
  wait('the colours', function()
    local tokens = vim.lsp.semantic_tokens.get_at_pos(0)
    return tokens ~= nil and #tokens > 0
  end)
end)

test('a document outside every package', function()
  vim.fn.writefile({ '# Not ours' }, vim.env.XDG_CACHE_HOME .. '.md')
  vim.cmd.edit(vim.env.XDG_CACHE_HOME .. '.md')
  vim.wait(200)
  assert(#vim.lsp.get_clients({ bufnr = 0, name = 'mandate' }) == 0)
end)

vim.lsp.stop_client(vim.lsp.get_clients())
print('neovim ' .. tostring(vim.version()) .. ': ' .. table.concat(done, ', '))
vim.cmd('qall!')
