import x from 'not-installed'
