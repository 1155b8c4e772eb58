import 'reflect-metadata'
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { JwtModule, JwtService } from '@nestjs/jwt'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import type { FastifyRequest } from 'fastify'
import { serve } from '../../http/serve.ts'
import { SECRET } from '../rows.ts'

/** NestJS on Fastify with the guard that its own documentation shows. */
@Injectable()
class AuthGuard implements CanActivate {
  readonly #tokens: JwtService

  constructor(tokens: JwtService) {
    this.#tokens = tokens
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { user?: object }>()
    const [type, token] = request.headers.authorization?.split(' ') ?? []
    if (type !== 'Bearer' || token === undefined) throw new UnauthorizedException()
    try {
      request.user = await this.#tokens.verifyAsync(token, { secret: SECRET })
    } catch {
      throw new UnauthorizedException()
    }
    return true
  }
}

@Controller()
class AppController {
  @Get('health')
  health(): object {
    return { status: 'ok' }
  }

  @UseGuards(AuthGuard)
  @Get('signed-in')
  signedIn(): object {
    return { status: 'ok' }
  }
}

@Module({ imports: [JwtModule.register({ secret: SECRET })], controllers: [AppController] })
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
  logger: false,
})
await app.listen(0, '127.0.0.1')
serve(app.getHttpServer().address())
